"""What a page tells: files to write, commands to type, and what these print."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from samples import ROOT

BLOCK = re.compile(r"^([^\n]*)\n\n```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
NUMBER = r"\d+(?:\.\d+)?"
#: Stands for whatever a command prints.
ANYTHING = "...\n"


class File(NamedTuple):
    """A file that a page shows; its name ends the line before."""

    name: str
    text: str


class Step(NamedTuple):
    """A command of a page, and what it prints on stdout."""

    command: str
    printed: str


def told(page: str) -> Iterator[File | Step]:
    """Yield the files and the console's commands of a page, in its order."""
    text = (ROOT / page).read_text()
    for before, language, block in BLOCK.findall(text):
        named = re.search(r"`([\w./-]+)`:$", before)
        if language == "console":
            yield from (Step(*one) for one in COMMAND.findall(block))
        elif named:
            yield File(named[1], block)


def do(step: File | Step, folder: Path, environment: dict[str, str]) -> None:
    """Write a file, or run a command and hold what it prints against what is told.

    Another processor rounds otherwise: numbers may differ a little, and with them how wide a column
    is.
    """
    if isinstance(step, File):
        (folder / step.name).parent.mkdir(exist_ok=True)
        (folder / step.name).write_text(step.text)
        return
    done = subprocess.run(
        ["bash", "-c", step.command],
        cwd=folder,
        env={**os.environ, **environment, "PATH": path(), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    said = (step.command, done.stderr)
    if step.printed == ANYTHING:
        assert done.returncode == 0, said
        return
    assert without_numbers(done.stdout) == without_numbers(step.printed), said
    assert numbers(done.stdout) == pytest.approx(numbers(step.printed), rel=2e-3), said


def path() -> str:
    """Return the search path with the programs of this environment first."""
    return f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def without_numbers(text: str) -> list[str]:
    """Return the lines of a text, each number and each gap as wide as any."""
    text = re.sub(NUMBER, "N", text)
    return [re.sub(r"[ -]+", " ", line).strip() for line in text.splitlines()]


def numbers(text: str) -> list[float]:
    """Return the numbers in a text."""
    return [float(one) for one in re.findall(NUMBER, text)]
