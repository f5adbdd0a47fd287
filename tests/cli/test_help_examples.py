"""The examples in the help of each subcommand are ones that it takes."""

import re
import shlex
from pathlib import Path

import click
import pytest

from mimii_bench.cli.main import COMMANDS, command

#: Where the arguments of an example end, in the shell.
_END = {"|", ">", ">>", "<", "&&", ";", "&"}


def examples(name):
    """Return the lines of a subcommand's help that show how to call it, as lists of arguments."""
    found = command.get_command(click.Context(command), name)
    text = f"{found.help}\n{found.epilog or ''}"
    # Behind the last pipe; a line that ends with a backslash goes on in the next one.
    text = re.sub(r"\\\n\s*", "", text)
    for line in re.findall(rf"^\s+(?:\$ )?(?:.*\| )?(mimii-bench {name}\b.*)$", text, re.MULTILINE):
        words = shlex.split(line, comments=True)[1:]
        end = next((place for place, word in enumerate(words) if word in _END), len(words))
        yield words[:end]


CASES = [(name, words) for name in COMMANDS for words in examples(name)]


def test_every_subcommand_has_examples():
    assert {name for name, _ in CASES} == {*COMMANDS}


@pytest.mark.parametrize(("name", "words"), CASES, ids=[" ".join(words) for _, words in CASES])
def test_an_example_is_taken(name, words, monkeypatch):
    # Recordings and models of examples are not here.
    monkeypatch.setattr(click.Path, "convert", lambda self, value, *_: Path(value))
    context = command.make_context("mimii-bench", list(words))
    _, subcommand, rest = command.resolve_command(context, words)
    subcommand.make_context(name, rest, parent=context)
