"""How the channels of a recording become one: `mono`, `ch0`, `ch0-ch4`."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from mimii_bench.util.errors import UserError

_CHANNEL = r"ch(0|[1-9]\d*)"
_PATTERN = re.compile(rf"mono|{_CHANNEL}(?:-{_CHANNEL})?")
#: So many 16-bit integers have a sum that float32 holds.
_EXACT_CHANNELS = 256
_INT16_SCALE = np.float32(1 / 32768)


class Mix(NamedTuple):
    """A mix by its name: `mono` (mean of all channels), one channel, or a difference of two."""

    name: str
    channel: int | None = None
    minus: int | None = None

    @property
    def takes_all(self) -> bool:
        """Whether it is of all channels, however many a recording has."""
        return self.channel is None

    @property
    def channels_needed(self) -> int:
        """How many channels a recording must have."""
        return max(self.channel or 0, self.minus or 0) + 1


def parse_mix(name: str) -> Mix:
    """Return the mix called `name`; raises UserError for any other text.

    Examples
    --------
    >>> parse_mix("ch0-ch4")
    Mix(name='ch0-ch4', channel=0, minus=4)
    """
    match = _PATTERN.fullmatch(name)
    if match is None or (match[1] and match[1] == match[2]):
        raise UserError(
            f"mix {name!r}: write mono, chA or chA-chB with different channels A, B from 0 on"
        )
    channel, minus = (None if digit is None else int(digit) for digit in match.groups())
    return Mix(name, channel, minus)


def channels_needed(names: Iterable[str]) -> int:
    """Return how many channels a recording must have for all the mixes called `names`."""
    return max(parse_mix(name).channels_needed for name in names)


def apply_mix(mix: Mix, samples: np.ndarray) -> np.ndarray:
    """Mix the channels of a recording.

    Parameters
    ----------
    mix : Mix
    samples : ndarray of int16 or float32, shape (sample, channel)

    Returns
    -------
    ndarray of float32, shape (sample,)
        16-bit input is scaled by 1/32768. For it a channel and a difference are exact, and the mean
        where the number of channels is a power of two, at most 256: a sum of eight 16-bit integers
        needs 19 bits, float32 holds 24.
    """
    scale = _INT16_SCALE if samples.dtype == np.int16 else np.float32(1)
    if mix.takes_all:
        return _total(samples) * (scale / np.float32(samples.shape[1]))
    chosen = samples[:, mix.channel].astype(np.float32)
    if mix.minus is not None:
        chosen -= samples[:, mix.minus].astype(np.float32)
    return chosen * scale


def _total(samples: np.ndarray) -> np.ndarray:
    """Return the sum over channels (sample,) as float32."""
    if samples.dtype != np.int16:
        return np.add.reduce(samples, axis=1, dtype=np.float32)
    if samples.shape[1] > _EXACT_CHANNELS:
        return np.add.reduce(samples, axis=1, dtype=np.int32).astype(np.float32)
    # Whole numbers that float32 holds, so in any order the same; a seventh of the time.
    return samples.astype(np.float32) @ np.ones(samples.shape[1], np.float32)
