"""One row of audit.csv."""

from typing import NamedTuple

#: Kinds of findings: numbers that contradict each other or what is public, what was found to fit,
#: and what is neither.
CONTRADICTION, FITS, FACT = "contradiction", "fits", "fact"


class Finding(NamedTuple):
    """What a check has to say about a cell.

    `arithmetic` is short enough to follow by hand; `explained_by` is empty where nothing fits;
    `kind` is one of `CONTRADICTION`, `FITS`, `FACT`.
    """

    report: str
    table: str
    cell: str
    check: str
    finding: str
    arithmetic: str
    explained_by: str = ""
    kind: str = CONTRADICTION


#: The columns of audit.csv, in their order.
COLUMNS = Finding._fields
