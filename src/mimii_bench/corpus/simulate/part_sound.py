"""What a machine model hands to the room: sounds, each at one of the machine's parts."""

from typing import NamedTuple

import numpy as np


class PartSound(NamedTuple):
    """A sound that leaves a machine at one part.

    Where `heard_as` names parts with shares of power (they sum to 1), the sound is filtered so that
    the reference microphone (0) gets the long-term spectrum it would get from there: only what the
    other microphones hear, and all phases, tell that it comes from `part`.
    """

    part: str
    spectrum: np.ndarray
    heard_as: tuple[tuple[str, float], ...] = ()
