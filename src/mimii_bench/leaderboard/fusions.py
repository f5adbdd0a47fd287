"""Fusions named beforehand: rows whose scores are averaged, as leaderboard.yaml has them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from mimii_bench.leaderboard.entries import Entry, rows_of
from mimii_bench.leaderboard.rules import FUSION, Fusion
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.schema import check


def load_fusions(path: Path, schema: dict, entries: Sequence[Entry]) -> list[Fusion]:
    """Read and check the `fusions` of `leaderboard.yaml`.

    Parameters
    ----------
    path : path
    schema : mapping
        The JSON schema of leaderboard.yaml.
    entries : sequence of Entry
        All that it has; a fusion names rows of theirs, or an entry for all of its rows.

    Raises
    ------
    UserError
        That names the file and what is wrong.
    """
    spec = read_yaml(path)
    check(spec, schema, str(path))
    taken = {FUSION, *(one.name for one in entries)}
    with about(str(path)):
        return [_fusion(*item, entries, taken) for item in spec.get("fusions", {}).items()]


def _fusion(name: str, given: Mapping, entries: Sequence[Entry], taken: set[str]) -> Fusion:
    if name in taken:
        raise UserError(f"fusions.{name}: a system, or the fusion of all, is called so; rename it")
    of_row = {row: entry for row, entry, _ in rows_of(entries)}
    rows_by_name = {row: [row] for row in of_row}
    for row, entry in of_row.items():
        if row != entry.name:
            rows_by_name.setdefault(entry.name, []).append(row)
    for row in given["rows"]:
        if row not in rows_by_name:
            raise UserError(f"fusions.{name}.rows: there is no row {row} and no system")
    rows = [own for row in given["rows"] for own in rows_by_name[row]]
    repeated = [row for row, times in Counter(rows).items() if times > 1]
    if repeated:
        raise UserError(f"fusions.{name}.rows: {repeated[0]} stands twice; name it once")
    if len(rows) < 2:
        raise UserError(f"fusions.{name}.rows: {rows[0]} alone is no fusion; name another row")
    supervised = any(of_row[row].supervised for row in rows)
    return Fusion(name, rows, given["scores"], supervised)


def fusions_of(
    fusions: Sequence[Fusion], entries: Sequence[Entry]
) -> tuple[list[Fusion], list[str]]:
    """Return the fusions all of whose rows are ranked, and why others are not."""
    there = {row for row, _, _ in rows_of(entries)}
    found, reasons = [], []
    for one in fusions:
        lacking = [row for row in one.rows if row not in there]
        if lacking:
            reasons.append(f"{one.name}: {lacking[0]} is not ranked")
        else:
            found.append(one)
    return found, reasons
