"""Which clips a picture shows: the first few of each label, by name."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from mimii_bench.util.errors import UserError

#: Shown where report.yaml says nothing, from left to right.
DEFAULT = {"normal": 1, "abnormal": 1}
T = TypeVar("T")


def first_of_each(clips: Iterable[T], counts: Mapping[str, int], where: str) -> list[T]:
    """Return the first clips of each label.

    Parameters
    ----------
    clips : iterable
        Objects with a `label`.
    counts : mapping
        How many of each label, in the order wanted.
    where : str
        Where they were looked for, for the error.

    Raises
    ------
    UserError
        When there is none of a label.
    """
    clips = list(clips)
    chosen = []
    for label, count in counts.items():
        found = [clip for clip in clips if clip.label == label][:count]
        if not found:
            raise UserError(f"{where}: there is no {label} clip to draw")
        chosen += found
    return chosen
