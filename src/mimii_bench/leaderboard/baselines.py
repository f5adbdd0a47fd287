"""The published numbers of the baselines of DCASE's editions."""

from pathlib import Path

from mimii_bench.util.records import read_rows

#: Where they stand in a project's folder.
BASELINES = "leaderboard/dcase_baselines.csv"
_COLUMNS = ("edition", "set", "system", "machine", "area", "published", "source")


def printed_baselines(path: Path, year: int) -> list[dict[str, str]]:
    """Return the published numbers of an edition's baselines, as they are printed.

    Parameters
    ----------
    path : Path
        A table of `edition,set,system,machine,area,published,source`; an empty machine is all of
        them.
    year : int

    Raises
    ------
    UserError
        The table has other columns.
    """
    return [row for row in read_rows(path, _COLUMNS) if row["edition"] == str(year)]
