"""One row of audit.csv."""

from typing import NamedTuple


class Finding(NamedTuple):
    """What a check has to say about a cell.

    `arithmetic` is short enough to follow by hand; `explained_by` is empty where nothing fits.
    """

    report: str
    table: str
    cell: str
    check: str
    finding: str
    arithmetic: str
    explained_by: str = ""


#: The columns of audit.csv, in their order.
COLUMNS = Finding._fields
