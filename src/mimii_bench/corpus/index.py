"""The clip index: one CSV per (machine, SNR) that names every clip and where its bytes are."""

from pathlib import Path

from mimii_bench.corpus.base import LABELS, Clip
from mimii_bench.corpus.sources import ClipSource
from mimii_bench.util.checksums import damaged
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_sealed, write_sealed


def write_index(source: ClipSource, path: Path | str) -> None:
    """List the clips of `source`; raises UserError when it holds none of its machine."""
    clips = source.clips()
    if not clips:
        raise UserError(
            f"{source.place}: no clip of a {source.machine} inside; "
            "check mimii.folder and mimii.layout"
        )
    write_sealed(path, Clip._fields, clips)


def read_index(path: Path | str, id: str) -> list[Clip]:
    """Return the clips of one machine id, in the order of their names.

    Raises
    ------
    UserError
        Naming the line of an unknown label or of a clip that stands twice, and for a file that is
        not as it was written.
    """

    def check(rows: list[dict[str, str]]) -> None:
        seen = set()
        for number, row in enumerate(rows, 2):
            if row["label"] not in LABELS:
                raise damaged(path, f"line {number}: label {row['label']!r} is not allowed")
            if (row["id"], row["name"]) in seen:
                raise damaged(path, f"line {number}: the clip stands twice")
            seen.add((row["id"], row["name"]))

    return [Clip(**row) for row in read_sealed(path, Clip._fields, check) if row["id"] == id]
