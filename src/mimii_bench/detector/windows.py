"""Recordings in windows, windows in pieces, and one score from those of several windows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np


class Window(NamedTuple):
    """A stretch of a recording as a system hears it: samples (mix, sample), from `start` on."""

    start: int
    samples: np.ndarray


def cut(blocks: Iterable[np.ndarray], size: int) -> Iterator[Window]:
    """Yield the windows of a recording: one after the other, the last aligned with the end.

    A recording that is shorter than a window is one window, of its own length.

    Parameters
    ----------
    blocks : iterable of ndarray (mix, sample)
    size : int
        Samples in a window.

    Examples
    --------
    >>> [(window.start, window.samples.shape[1]) for window in cut([np.zeros((1, 10))], 4)]
    [(0, 4), (4, 4), (6, 4)]
    """
    held, first, done = None, 0, 0
    for block in blocks:
        held = block if held is None else np.concatenate([held, block], axis=1)
        while first + held.shape[1] - done >= size:
            yield Window(done, held[:, done - first : done - first + size])
            done += size
        # What an aligned last window may still need.
        kept = max(done - size, first)
        held, first = held[:, kept - first :], kept
    if held is None:
        return
    end = first + held.shape[1]
    if end > done:
        start = max(end - size, 0)
        yield Window(start, held[:, start - first :])


def piece_starts(length: int, size: int, hop: int) -> list[int]:
    """Return where pieces of `size` frames begin, the last one aligned with the end.

    Examples
    --------
    >>> piece_starts(10, 4, 4)
    [0, 4, 6]
    """
    starts = list(range(0, length - size + 1, hop))
    return starts if starts[-1] == length - size else [*starts, length - size]


def pieces(inputs: Sequence[np.ndarray], size: int, hop: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield the pieces of a clip: its inputs (frame, bin), all of as many frames, cut alike."""
    for start in piece_starts(len(inputs[0]), size, hop):
        yield tuple(frames[start : start + size] for frames in inputs)


def allowed_above(windows: int, rate: float) -> int:
    """Return how many of a normal recording's windows may be above the threshold.

    The fewest that independent windows, each above with a chance of `rate`, exceed with a chance
    of `rate` at most: a recording of many windows then raises a false alarm as seldom as one of a
    single window. Windows that are not independent exceed it together, and the rate of that is no
    higher than of one of them.

    Examples
    --------
    >>> [allowed_above(windows, 0.05) for windows in (1, 2, 180)]
    [0, 1, 14]
    """
    allowed, reached = 0, 0.0
    logarithm = windows * np.log1p(-rate)
    while True:
        reached += np.exp(logarithm)
        if reached >= 1 - rate - 1e-12 or allowed == windows - 1:
            return allowed
        logarithm += np.log((windows - allowed) / (allowed + 1)) + np.log(rate) - np.log1p(-rate)
        allowed += 1


def of_windows(scores: Sequence[float], rate: float, any_window: bool = False) -> float:
    """Return the score of a recording from those of its windows.

    It is above a threshold where more windows are than `allowed_above` says. Of one window it is
    the score of that.

    Parameters
    ----------
    scores : sequence of float
    rate : float
        At which a normal window is above the threshold.
    any_window : bool
        Take the highest instead: one window above is enough.
    """
    place = 0 if any_window else allowed_above(len(scores), rate)
    return float(np.sort(scores)[::-1][place])
