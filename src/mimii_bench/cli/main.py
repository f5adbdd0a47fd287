"""The command and what it can be asked for."""

import importlib
import os
import sys
import traceback

import click

from mimii_bench import __version__
from mimii_bench.util.checkout import find_checkout
from mimii_bench.util.errors import UserError

NAME = "mimii-bench"
#: Each subcommand is the function of its name in the module of its name, and what it does: said
#: here, so that help imports none of them.
COMMANDS: dict[str, str] = {
    "fit": "Make a detector of recordings of a machine that works.",
    "score": "Tell of recordings whether they are normal, and which seconds are not.",
    "systems": "List the systems, or tell one's options.",
    "compare": "Rank all systems on a folder of recordings.",
    "plan": "Tell what a run will need: jobs, hours, disk, memory.",
    "why": "Show what one number of all.csv stands on, and prove it.",
    "export": "Write a detector as an ONNX file, which runs without this package.",
    "completion": "Print what lets a shell complete the command.",
}
#: Exit statuses beside 0: what the user can mend, a fault of the command's own (as in sysexits.h),
#: and the signals of Ctrl-C and of a closed pipe as a shell tells them.
USER_ERROR, OWN_FAULT, INTERRUPTED, CLOSED_PIPE = 2, 70, 130, 141


class _ClosedPipe(Exception):
    """Nobody reads what is printed, as behind `| head`; click would end with status 1."""


class Lazily(click.Group):
    """A group whose subcommands are imported when they are called."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names, in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a subcommand, or None where there is none of that name."""
        if name not in COMMANDS:
            return None
        return getattr(importlib.import_module(f"mimii_bench.cli.{name}"), name)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each does, without importing it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, context: click.Context) -> object:
        """Run a subcommand."""
        try:
            return super().invoke(context)
        except BrokenPipeError:
            raise _ClosedPipe from None


def _print_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(f"{NAME} {__version__} ({find_checkout()})")
        context.exit()


@click.command(
    cls=Lazily,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"{NAME} COMMAND --help tells of each, with examples.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version, and which workflow is used, and exit.",
)
def command() -> None:
    """Detect anomalous sounds of machines, and compare detectors."""


def main() -> None:
    """Run the command and exit with its status.

    What the user can mend ends in one line on stderr. A closed pipe and Ctrl-C end without a word.
    A fault of the command's own ends in a traceback, and never in 1, which subcommands mean.
    """
    if sys.stdout is None:
        sys.exit(USER_ERROR)
    status = _run()
    try:
        # At exit, where Python would do it, a closed pipe makes a traceback.
        sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer has to go somewhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = _told(error)
    sys.exit(status)


def _run() -> int:
    try:
        found = command.main(prog_name=NAME, standalone_mode=False)
    except UserError as error:
        click.echo(f"{NAME}: {error}", err=True)
        return USER_ERROR
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except _ClosedPipe:
        return CLOSED_PIPE
    except OSError as error:
        return _told(error)
    except Exception:
        traceback.print_exc()
        click.echo(f"{NAME}: this is a fault of the command itself; please report it", err=True)
        return OWN_FAULT
    # What `Context.exit` was given, which click returns as it returns a command's own value.
    return found if isinstance(found, int) else 0


def _told(error: OSError) -> int:
    """Say what the system refused, a closed pipe apart; return the exit status."""
    if isinstance(error, BrokenPipeError):
        return CLOSED_PIPE
    where = f"{error.filename}: " if error.filename else ""
    click.echo(f"{NAME}: {where}{error.strerror or error}", err=True)
    return USER_ERROR
