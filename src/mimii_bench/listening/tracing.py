"""The score over time: a system's own score of each piece of a clip."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mimii_bench.detector.windows import piece_starts, pieces
from mimii_bench.systems.scoring import scores_by_kind
from mimii_bench.util.errors import UserError

#: Seconds of a piece, where a system has no length of its own.
_PIECE = 0.5
#: Points of a line, at most: more than a small picture shows.
_POINTS = 400
#: Pieces are an eighth of their length apart.
_OVERLAP = 8
#: What systems raise that take no clip of that length.
_REFUSED = (UserError, ValueError, RuntimeError, IndexError)


class Trace(NamedTuple):
    """Scores (piece,) of pieces of a clip, and the seconds (piece,) of their middles.

    `length` is that of a piece in seconds.
    """

    seconds: np.ndarray
    scores: np.ndarray
    length: float


def scores_of(system, kind: str, clips: Sequence[tuple]) -> np.ndarray:
    """Return one kind of score of clips, of shape (clip,).

    Raises
    ------
    UserError
        Where the system gives no such kind.
    """
    kinds = scores_by_kind(system, clips)
    if kind not in kinds:
        raise UserError(f"there is no score {kind!r}; there are {', '.join(sorted(kinds))}")
    return np.asarray(kinds[kind], float)


def trace_of(
    system, kind: str, inputs: Sequence[np.ndarray], told: tuple, seconds: float
) -> Trace | None:
    """Return the score over time of a clip.

    A piece is as long as the windows that the system learns from, or half a second.

    Parameters
    ----------
    system : System
    kind : str
        Of score.
    inputs : sequence of ndarray (frame, bin)
    told : tuple
        What the system is told of a clip beside its inputs: its id, or nothing.
    seconds : float
        How long the clip is.

    Returns
    -------
    Trace or None
        None where the system scores whole clips alone, or its inputs differ in frames.
    """
    frames = {len(one) for one in inputs}
    if len(frames) > 1:
        return None
    (length,) = frames
    step = seconds / length
    size = _own_length(system) or max(round(_PIECE / step), 1)
    if size >= length:
        return None
    hop = max(size // _OVERLAP, -(-(length - size + 1) // _POINTS), 1)
    cut = [(*piece, *told) for piece in pieces(inputs, size, hop)]
    try:
        scores = scores_of(system, kind, cut)
    except _REFUSED:
        return None
    if not np.isfinite(scores).all():
        return None
    starts = np.array(piece_starts(length, size, hop))
    return Trace((starts + size / 2) * step, scores, size * step)


def _own_length(system) -> int | None:
    """Return the frames of what a system learns from, where it learns from parts of clips."""
    options = getattr(system, "options", None)
    return getattr(options, "context", None) or getattr(options, "frames", None)
