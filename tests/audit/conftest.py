"""Made-up reports, small enough to check by hand."""

from pathlib import Path

import pytest

from mimii_bench.audit.cells import PrintedCell, Published

EMPTY = dict.fromkeys(PrintedCell._fields, "")


@pytest.fixture
def published():
    """Return a report from cells, given as dictionaries of what is not empty, and notes.

    A cell without a published number is one that is not legible.
    """

    def make(*cells, key="made_up", table="t", **notes):
        filled = (EMPTY | {"table": table, "row": str(k)} | cell for k, cell in enumerate(cells))
        places = [PrintedCell(**cell) for cell in filled]
        printed, blank = (tuple(c for c in places if bool(c.published) == b) for b in (True, False))
        return Published(key, printed, notes, Path("audit.yaml"), blank)

    return make


@pytest.fixture
def row():
    """Return the cells of several metrics of one row."""

    def make(subject=None, **values):
        return [
            {"column": metric, "metric": metric, "published": value, **(subject or {})}
            for metric, value in values.items()
        ]

    return make
