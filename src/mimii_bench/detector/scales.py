"""The lengths at which a system is asked: windows, parts of them, pieces that tell seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mimii_bench.detector.detector import scores_of
from mimii_bench.detector.hearing import Hearing
from mimii_bench.detector.windows import pieces
from mimii_bench.util.errors import UserError

#: Seconds: of a piece, and of the shortest part of a window that is judged by itself.
PIECE = 1.0
#: Of a window: no piece is longer, or one window would hardly have several.
_LARGEST_PIECE = 0.25


@dataclass(frozen=True)
class Scales:
    """Frames of what is scored; nothing but whole windows where the system allows no other.

    Attributes
    ----------
    whole : int
        Of a window; 0 where the inputs differ in them.
    parts : sequence of int
        Half of it, a quarter, ...
    piece, hop : int
        Of a piece, and from one to the next; 0 where there are none.
    """

    whole: int
    parts: Sequence[int] = ()
    piece: int = 0
    hop: int = 0


def scales_of(hearing: Hearing, system: object, kind: str, window: tuple) -> Scales:
    """Return the scales of a system.

    Parameters
    ----------
    hearing : Hearing
    system : System
        Fitted; it is tried.
    kind : str
        Of score.
    window : tuple of ndarray (frame, bin)
        One that it can score.
    """
    whole = hearing.frames or 0
    if not whole:
        return Scales(0)
    seconds = hearing.window / hearing.front_end.sample_rate
    least = whole * min(PIECE / seconds, _LARGEST_PIECE)
    sizes, size = [], whole // 2
    while size >= int(least) and _can(system, kind, window, size):
        sizes.append(size)
        size //= 2
    piece = max(round(least), 1)
    if not _can(system, kind, window, piece):
        return Scales(whole, sizes)
    return Scales(whole, sizes, piece, max(piece // 2, 1))


def _can(system: object, kind: str, window: tuple, size: int) -> bool:
    """Tell whether a system scores clips of so many frames."""
    try:
        scores_of(system, kind, [tuple(frames[:size] for frames in window)])
    except (UserError, ValueError, RuntimeError, IndexError):
        return False
    return True


@dataclass(frozen=True)
class WindowScores:
    """The scores of one window: its own, those of its parts by size, the highest of its pieces."""

    whole: float
    parts: dict[int, np.ndarray]
    highest: float


def score_window(system: object, kind: str, window: tuple, scales: Scales) -> WindowScores:
    """Return the scores of one window at all scales."""
    clips, ends = [window], [1]
    for size in scales.parts:
        clips += pieces(window, size, size)
        ends.append(len(clips))
    if scales.piece:
        clips += pieces(window, scales.piece, scales.hop)
    found = np.split(scores_of(system, kind, clips), ends)
    parts = dict(zip(scales.parts, found[1:-1], strict=True))
    return WindowScores(float(found[0][0]), parts, float(max(found[-1], default=0.0)))
