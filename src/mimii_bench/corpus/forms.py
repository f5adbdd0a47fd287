"""What the recordings of a corpus are like, where no description says it."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import BinaryIO

from mimii_bench.corpus.base import LABELS, Clip, Corpus, in_order
from mimii_bench.corpus.headers import Form, form_of
from mimii_bench.corpus.sources import LAYOUTS, ClipSource, Reader, open_source, readable


def forms(source: ClipSource, clips: Sequence[Clip]) -> Iterator[tuple[str, Form]]:
    """Yield the name and the form of clips; plain files are not read but for their headers.

    Raises
    ------
    UserError
        One is no recording.
    """
    with source.open() as reader:
        for clip in clips:
            name = reader.describe(clip.member)
            with _opened(source.root / clip.member, reader, clip.member) as file:
                yield name, form_of(file, name)


def _opened(path: Path, reader: Reader, member: str) -> BinaryIO:
    if not path.is_file():
        return io.BytesIO(reader.read(member))
    with readable(path):
        return path.open("rb")


def with_found_form(corpus: Corpus, folder: Path) -> Corpus:
    """Return a description with the form of the first recording of it that lies in a folder.

    The same recording is the first one wherever and whenever this is asked: the first normal clip
    by name of the first machine under its first condition, where it has any. Where there is none,
    or one that is as the description says, that stays as it is.

    Parameters
    ----------
    corpus : Corpus
    folder : Path

    Raises
    ------
    UserError
        The folder cannot be read, or the recording is none.
    """
    first = next(_firsts(corpus, folder), None)
    if first is None:
        return corpus
    name, form = first
    if form == (corpus.channels, corpus.sample_rate, corpus.samples):
        return corpus
    return replace(corpus, **form._asdict(), form_of=name)


def _firsts(corpus: Corpus, folder: Path) -> Iterator[tuple[str, Form]]:
    """Yield the first clip of each machine and condition, and its form."""
    with readable(folder):
        if not folder.is_dir():
            return
    places = LAYOUTS[corpus.layout].survey(corpus, folder).places
    machines = in_order(corpus.machines, (machine for machine, _ in places))
    conditions = in_order(corpus.conditions, (condition for _, condition in places))
    for machine, condition in product(machines, conditions):
        source = open_source(corpus, folder, machine, condition)
        clips = source.clips() if source.exists() else []
        own = [clip for clip in clips if not corpus.objection(id=clip.id)]
        yield from forms(source, sorted(own, key=lambda clip: clip.label != LABELS[0])[:1])
