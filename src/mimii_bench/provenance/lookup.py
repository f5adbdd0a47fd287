"""One row of all.csv by its address: report, table, row and column, or its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from mimii_bench.reports.columns import LONG_KEY
from mimii_bench.util.errors import UserError

#: So many names stand in a message.
_NAMED = 4


def address_of(row: Mapping[str, str]) -> str:
    """Return the address of a row of all.csv.

    Examples
    --------
    >>> address_of({"report": "gamma_ae", "table": "1", "row": "AE", "column": "F1"})
    'gamma_ae/1/AE/F1'
    """
    return "/".join(row[key] for key in LONG_KEY)


def line_of(rows: Sequence[Mapping[str, str]], line: int) -> int:
    """Return which row stands in a line of the file, whose header is line 1.

    Raises
    ------
    UserError
        Where there is no such line.
    """
    if not 2 <= line <= len(rows) + 1:
        raise UserError(f"--line {line}: all.csv has rows in lines 2 to {len(rows) + 1}")
    return line - 2


def find(rows: Sequence[Mapping[str, str]], asked: str) -> int:
    """Return which row an address means.

    The whole address, in capitals or not; or beginnings of its four parts that only one row has.

    Raises
    ------
    UserError
        That names those that it could mean, or what is called alike.
    """
    known = [address_of(row) for row in rows]
    for same in (str, str.casefold):
        found = [n for n, one in enumerate(known) if same(one) == same(asked)]
        if len(found) == 1:
            return found[0]
    found = [n for n, row in enumerate(rows) if _begins(row, asked)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(f"{asked}: {len(found)} rows begin so: {_named([known[n] for n in found])}")
    alike = get_close_matches(asked, known, _NAMED, 0.5)
    if alike:
        raise UserError(f"{asked}: no such row of all.csv; did you mean {_named(alike)}?")
    raise UserError(f"{asked}: no such row of all.csv; write report/table/row/column, as in it")


def _begins(row: Mapping[str, str], asked: str) -> bool:
    """Tell whether the parts of an address begin as they were asked for."""
    whole = address_of(row).casefold()
    parts = asked.casefold().split("/")
    values = [row[key].casefold() for key in LONG_KEY]
    by_part = len(parts) <= len(values) and all(map(str.startswith, values, parts))
    return by_part or whole.startswith(asked.casefold())


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(f"'{name}'" for name in names[:_NAMED]) + more
