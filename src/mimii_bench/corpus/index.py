"""The clip index: one CSV per (machine, SNR) that names every clip and where its bytes are."""

from pathlib import Path

from mimii_bench.corpus.base import Clip
from mimii_bench.corpus.sources import ClipSource
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_rows, write_rows


def write_index(source: ClipSource, path: Path | str) -> None:
    """List the clips of `source`; raises UserError when it holds none of its machine."""
    clips = source.clips()
    if not clips:
        raise UserError(
            f"{source.place}: no clip of a {source.machine} inside; "
            "check mimii.folder and mimii.layout"
        )
    write_rows(path, Clip._fields, clips)


def read_index(path: Path | str, id: str) -> list[Clip]:
    """Return the clips of one machine id, in the order of their names."""
    return [Clip(**row) for row in read_rows(path) if row["id"] == id]
