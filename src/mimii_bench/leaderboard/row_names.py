"""What a row of the leaderboard is called: its entry, and of several kinds of score its own."""

from collections.abc import Sequence


def row_name(entry: str, kind: str, kinds: Sequence[str]) -> str:
    """Return the name of a row.

    Parameters
    ----------
    entry, kind : str
    kinds : sequence of str
        All that the entry is ranked by.

    Examples
    --------
    >>> row_name("gmm", "score", ["score"]), row_name("ae", "mse", ["mse", "maximum"])
    ('gmm', 'ae:mse')
    """
    return entry if len(kinds) == 1 else f"{entry}:{kind}"


def entry_of(row: str) -> str:
    """Return the entry of a row: what was trained, and has one time for all kinds of score.

    Examples
    --------
    >>> entry_of("gmm"), entry_of("ae:mse")
    ('gmm', 'ae')
    """
    return row.partition(":")[0]
