"""Replicates of a bootstrap in blocks, whose arrays (replicate, clip) stay in a core's cache."""

from collections.abc import Iterator

#: Of an array (replicate, clip), so many are computed with at a time.
_CELLS_AT_A_TIME, _LEAST_ROWS = 65_536, 16


def blocks(replicates: int, clips: int) -> Iterator[slice]:
    """Yield which replicates are computed together, all in turn.

    Examples
    --------
    >>> list(blocks(40, 3000))
    [slice(0, 21, None), slice(21, 40, None)]
    """
    rows = max(_LEAST_ROWS, _CELLS_AT_A_TIME // clips)
    for start in range(0, replicates, rows):
        yield slice(start, min(start + rows, replicates))
