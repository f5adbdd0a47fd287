"""What a detector learns from: every recording of a folder, heard once, in windows."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mimii_bench.audio.levels import Levels
from mimii_bench.audio.streams import opened
from mimii_bench.detector.front_end import RATE, FrontEnd, check_alive
from mimii_bench.detector.hearing import Hearing
from mimii_bench.detector.recordings import Found
from mimii_bench.util.errors import UserError

#: Follows what is done: is given an iterable, what it is of, and how many there are.
Track = Callable[[Iterable, str, int], Iterable]
#: Seconds: a window is as long as the shortest recording, and no longer than this.
LONGEST_WINDOW = 10.0
#: Seconds that a window must have.
LEAST_WINDOW = 0.1


class Header(NamedTuple):
    """What a recording says of itself."""

    found: Found
    sample_rate: int
    channels: int
    seconds: float


@dataclass
class Material:
    """One recording as a system learns from it.

    Attributes
    ----------
    header : Header
    windows : list of tuple of ndarray (frame, bin)
        Of each window, an array per input.
    digest : str
        Of what the system hears, before features.
    remark : str
        What is odd in it.
    """

    header: Header
    windows: list[tuple[np.ndarray, ...]]
    digest: str
    remark: str

    @property
    def name(self) -> str:
        """Its path below the folder."""
        return self.header.found.name

    @property
    def label(self) -> str:
        """`normal` or `abnormal`."""
        return self.header.found.label


def headers(recordings: Sequence[Found]) -> list[Header]:
    """Return what recordings say of themselves; raises UserError for one that is none."""
    found = []
    for one in recordings:
        with opened(one.path) as stream:
            found.append(Header(one, stream.sample_rate, stream.channels, stream.seconds))
    return found


def choose_front_end(found: Sequence[Header], rate: int | None) -> FrontEnd:
    """Return the front end for recordings.

    Parameters
    ----------
    found : sequence of Header
    rate : int or None
        In Hz; None for the recordings' own.

    Raises
    ------
    UserError
        They differ in their channels, or, where their own rate is to be heard, in that; one has a
        lower rate.
    """
    first = found[0]
    for one in found:
        if one.channels != first.channels:
            raise UserError(
                f"{one.found.path}: {one.channels} channel(s), and {first.found.path} has "
                f"{first.channels}; take recordings of one number of channels"
            )
    slowest = min(found, key=lambda one: one.sample_rate)
    if rate is None and len({one.sample_rate for one in found}) > 1:
        raise UserError(
            f"--rate native: the recordings have several rates; write --rate {slowest.sample_rate}"
        )
    rate = slowest.sample_rate if rate is None else rate
    if slowest.sample_rate < rate:
        raise UserError(
            f"{slowest.found.path}: sampled at {slowest.sample_rate} Hz, below {rate} Hz; "
            f"write --rate {slowest.sample_rate}, or leave it out"
        )
    return FrontEnd(sample_rate=rate, channels=first.channels)


def choose_window(found: Sequence[Header], seconds: float | None, rate: int = RATE) -> int:
    """Return how many samples a window has: as many as the shortest recording, up to 10 s of them.

    Raises UserError for a recording that is shorter than the `seconds` asked for, or than any.
    """
    shortest = min(found, key=lambda one: one.seconds)
    wanted = min(shortest.seconds, LONGEST_WINDOW) if seconds is None else seconds
    if shortest.seconds < max(wanted, LEAST_WINDOW):
        raise UserError(
            f"{shortest.found.path}: lasts {shortest.seconds:.3g} s, below "
            f"{max(wanted, LEAST_WINDOW):g} s; leave it out"
            + (f", or write --window {shortest.seconds:.3g}" if seconds else "")
        )
    return int(wanted * rate)


def hear(found: Sequence[Header], hearing: Hearing, track: Track) -> list[Material]:
    """Return recordings as a system learns from them.

    Raises
    ------
    UserError
        A recording is no sound: damaged, silent, or silent in a channel that is heard.
    """
    return [_heard(one, hearing) for one in track(found, "recordings", len(found))]


def _heard(header: Header, hearing: Hearing) -> Material:
    levels, digest = Levels(), hashlib.sha256()
    windows = []
    with opened(header.found.path) as stream:
        for heard in hearing.listen(stream, levels):
            digest.update(heard.sound)
            windows.append(heard.inputs)
    check_alive(levels, hearing.mixes, str(header.found.path))
    return Material(header, windows, digest.hexdigest()[:32], "; ".join(levels.remarks()))


def without_copies(material: Sequence[Material]) -> tuple[list[Material], list[str]]:
    """Return recordings each once, and a line for each that is a copy of an earlier one.

    A copy would be held out while the original trains.

    Raises
    ------
    UserError
        Two recordings under different labels are the same.
    """
    first: dict[str, Material] = {}
    told = []
    for one in material:
        other = first.setdefault(one.digest, one)
        if other.label != one.label:
            raise UserError(
                f"{one.header.found.path} has the same samples as {other.header.found.path}, under "
                "another label; delete the one that is wrong"
            )
        if other is not one:
            told.append(f"{one.name}: copy of {other.name}, not used")
    return list(first.values()), told
