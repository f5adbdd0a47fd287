"""What a figure is: parts of one kind, and what is drawn of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from mimii_bench.util.options import Component

if TYPE_CHECKING:
    import matplotlib as mpl

Kind = Literal["stores", "recordings", "scores", "histories", "models", "tables"]
#: What a report's figure can be drawn from; `figures.from_<kind>` reads it.
PART_KINDS: tuple[Kind, ...] = get_args(Kind)
#: What pictures of a whole run are drawn from: rows of its tables.
RECORDS = "records"


class Figure(Component):
    """Base of all figures.

    A subclass says in `kind` what its parts are read from, declares its `Options`, and has `draw`.
    A module of figures imports what draws only where it draws: the workflow reads the options of
    all figures before it runs anything.

    Attributes
    ----------
    kind : str
        One of `PART_KINDS`, or `RECORDS`.
    """

    kind: ClassVar[str]

    def draw(self, parts: Sequence) -> mpl.figure.Figure:
        """Return the picture of the parts, each as `read` of the module `from_<kind>` has it."""
        raise NotImplementedError
