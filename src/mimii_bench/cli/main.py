"""The command and what it can be asked for."""

import importlib
import sys

import click

from mimii_bench.util.errors import UserError

#: Each subcommand is the function of its name in the module of its name, and what it does: said
#: here, so that help imports none of them.
COMMANDS: dict[str, str] = {
    "plan": "Tell what a run will need: jobs, hours, disk, memory.",
    "why": "Show what one number of all.csv stands on, and prove it.",
}


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


@click.command(cls=Lazily, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mimii-bench")
def command() -> None:
    """Detect anomalous sounds of machines, and compare detectors."""


def main() -> None:
    """Run the command; what the user can mend ends in one line on stderr and exit status 2."""
    try:
        command.main(prog_name="mimii-bench")
    except UserError as error:
        print(f"mimii-bench: {error}", file=sys.stderr)
        sys.exit(2)
