"""How the command ends: its statuses, what is printed where, and what it waits for."""

import os
import subprocess
import sys
import types

import click
import pytest

from mimii_bench.cli import main as module
from mimii_bench.cli.main import COMMANDS
from mimii_bench.util.errors import UserError
from samples import printed_by

#: None of them is needed to tell what there is to ask for.
HEAVY = ("numpy", "pandas", "scipy", "torch", "sklearn", "pydantic", "yaml", "h5py", "jsonschema")
RUN = "from mimii_bench.cli.main import main; main()"


@pytest.fixture
def ending(monkeypatch, capsys):
    """Run a subcommand that does what it is told to, and return status, stdout and stderr."""

    def run(does, *arguments):
        @click.command()
        @click.pass_context
        def odd(context):
            return does(context)

        monkeypatch.setitem(COMMANDS, "odd", "Does something.")
        monkeypatch.setitem(sys.modules, "mimii_bench.cli.odd", types.SimpleNamespace(odd=odd))
        monkeypatch.setattr(sys, "argv", ["mimii-bench", *(arguments or ["odd"])])
        with pytest.raises(SystemExit) as end:
            module.main()
        return end.value.code, *capsys.readouterr()

    return run


def raising(error):
    """Return what raises an error."""

    def does(context):
        raise error

    return does


@pytest.mark.parametrize(
    ("does", "status", "said"),
    [
        (lambda context: None, 0, ""),
        (lambda context: context.exit(1), 1, ""),
        (lambda context: 1, 1, ""),
        (raising(UserError("a.wav: no recording; put one there")), 2, "mimii-bench: a.wav: no rec"),
        (raising(click.BadParameter("no number")), 2, "no number"),
        (raising(KeyboardInterrupt()), 130, ""),
    ],
)
def test_how_it_ends(ending, does, status, said):
    code, out, err = ending(does)
    assert code == status
    assert out == ""
    assert said in err
    assert bool(err.strip()) == bool(said)


def test_a_mistake_of_ours_keeps_its_traceback(ending):
    code, out, err = ending(lambda context: 1 / 0)
    # 1 would mean what the subcommand says, such as that no recording is anomalous.
    assert (code, out) == (70, "")
    assert "ZeroDivisionError" in err
    assert "fault of the command itself" in err


def test_what_the_system_refuses_is_one_line(ending):
    code, out, err = ending(lambda context: os.stat("/no/such/file"))
    assert (code, out, err) == (2, "", "mimii-bench: /no/such/file: No such file or directory\n")


@pytest.mark.parametrize("arguments", [["nothing"], ["--nothing"], ["odd", "--nothing"]])
def test_what_there_is_not_is_an_error_of_use(ending, arguments):
    code, out, err = ending(lambda context: None, *arguments)
    assert (code, out) == (2, "")
    assert "Usage: mimii-bench" in err


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_waits_for_nothing(arguments):
    program = """
        import sys
        from mimii_bench.cli.main import command
        command.main(sys.argv[2:], prog_name="mimii-bench", standalone_mode=False)
        print(*(name for name in sys.argv[1].split(",") if name in sys.modules))
    """
    printed = printed_by(program, ",".join(HEAVY), *arguments)
    assert printed.splitlines()[0].startswith("Usage: mimii-bench")
    assert printed.splitlines()[-1] == ""


@pytest.mark.parametrize("arguments", [["systems"], ["systems", "gmm"], ["completion", "bash"]])
def test_a_closed_pipe_ends_it_without_a_word(arguments, tmp_path):
    started = subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    started.stdout.close()
    assert started.wait() == 141
    assert started.stderr.read() == b""


def test_the_version_tells_where_the_workflow_is(ending):
    code, out, _ = ending(lambda context: None, "--version")
    assert code == 0
    assert out.startswith("mimii-bench 0.")
    assert "checkout /" in out
