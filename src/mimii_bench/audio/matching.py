"""Which clips are the same recording of a machine, mixed with other noise at another SNR.

Names do not always tell (docs/real-fans.md); what is in the clips does. Mixes of one recording
share the machine's waveform sample by sample, so the phases of their spectra agree more often than
chance, wherever the machine is not far below the noise. That is phase-only correlation at lag 0
(Kuglin and Hines, 1975; the generalised cross-correlation with phase transform of Knapp and Carter,
1976). All frequencies count alike, whatever their level: no tone decides alone.

Recordings with the same noise or with the same clicks correlate as well, but at the lag between
them; only at lag 0 could they be mistaken, and there a clip's own partner has the better claim.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy import fft
from scipy.optimize import linear_sum_assignment

from mimii_bench.util.errors import UserError

#: Expected number of false matches under the null, over all comparisons of one call.
FALSE_MATCHES = 1e-6
#: Peaks above count as this much, in standard deviations: no single one outweighs two partners.
CERTAIN = 20.0
#: What the excess above still counts, to choose between certain ones.
EXCESS = 1e-3
#: Steps of cosines and sines in int8, a magnitude without a phase, columns widened at a time.
_STEPS, _SILENT, _BLOCK = np.float32(127), np.float32(1e-30), 8192


class Matching(NamedTuple):
    """Clips grouped into recordings, and how sure that is.

    Attributes
    ----------
    recordings : dict[str, np.ndarray]
        SNR -> the number of each clip's recording, int64 (clip,). Clips of different
        SNRs with the same number are one recording; no number comes twice at one SNR.
    threshold : float
        What a peak had to reach, in standard deviations of the null.
    accepted : float
        Smallest peak that joined two clips; NaN when none did.
    refused : float
        Largest peak between clips of different recordings; NaN when there are none.
    found : float
        Pairs of clips found, of those that would be if every clip had a partner at every
        SNR that has enough of them; NaN when there can be none.
    """

    recordings: dict[str, np.ndarray]
    threshold: float
    accepted: float
    refused: float
    found: float

    def __str__(self) -> str:
        """Return one line for a log."""
        clips = sum(map(len, self.recordings.values()))
        numbers = {number for column in self.recordings.values() for number in column.tolist()}
        return (
            f"{clips} clips are {len(numbers)} recordings: {self.found:.0%} of the possible pairs; "
            f"peaks from {self.accepted:.1f} accepted, up to {self.refused:.1f} refused, "
            f"threshold {self.threshold:.1f} standard deviations"
        )


class _Link(NamedTuple):
    peak: float
    one: tuple[str, int]
    other: tuple[str, int]


def phases(samples: np.ndarray) -> np.ndarray:
    """Return the phases of a clip's spectrum: their cosines, then their sines, int8 (2 · bins,).

    In steps of 1/127, of all bins but those that are real. A bin without power has no phase: zeros.

    Parameters
    ----------
    samples : np.ndarray
        (sample,), one microphone or mix, at any scale.

    Raises
    ------
    UserError
        Samples are not one channel, or not all finite.
    """
    if samples.ndim != 1 or not np.isfinite(samples).all():
        raise UserError("phases are of one channel of finite samples; is the recording damaged?")
    spectrum = fft.rfft(samples.astype(np.float32))[1 : (len(samples) + 1) // 2]
    spectrum *= _STEPS / np.maximum(np.abs(spectrum), _SILENT)
    return np.rint(np.concatenate([spectrum.real, spectrum.imag])).astype(np.int8)


def correlation(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the phase-only correlation at lag 0 of all pairs of clips, float32 (n, m).

    The sum over bins of the cosines of the differences of phase, in standard deviations of what
    unrelated clips have: their differences are uniform, a cosine's variance is 1/2.

    Parameters
    ----------
    one : np.ndarray
        What `phases` returned, int8 (n, 2 · bins).
    other : np.ndarray
        The same, int8 (m, 2 · bins).
    """
    total = np.zeros((len(one), len(other)), np.float32)
    if total.size:
        for start in range(0, one.shape[1], _BLOCK):
            left, right = (
                clips[:, start : start + _BLOCK].astype(np.float32) for clips in (one, other)
            )
            total += left @ right.T
        total *= np.sqrt(2 / (one.shape[1] / 2)) / _STEPS**2
    return total


def threshold(comparisons: int) -> float:
    """Return the peak from which on `FALSE_MATCHES` are expected in so many comparisons, or fewer.

    By Chernoff's bound: a cosine c of a uniform phase has E exp(s c) = I0(s) <= exp(s² / 4), so a
    peak of independent bins, however few, exceeds t with a probability of exp(-t² / 2) at most.
    """
    return float(np.sqrt(2 * np.log(max(comparisons, 1) / FALSE_MATCHES)))


def same_recordings(clips: Mapping[str, np.ndarray]) -> Matching:
    """Group the clips of one unit and label, at several SNRs, into recordings of the machine.

    Pairs are assigned for each two SNRs (the best total over all clips, one to one) and united
    over all SNRs, the largest peaks first. A clip that nothing matches is a recording of its own.
    One whose partner is absent may be given another clip of the same noise or, in a unit of valves,
    with clicks at the same samples (of 10,000 simulated pairs three are beyond the threshold). In a
    split that only keeps unrelated clips on one side, while a partner missed would be on both.

    Parameters
    ----------
    clips : Mapping[str, np.ndarray]
        SNR -> what `phases` returned for its clips, int8 (clip, 2 · bins); one SNR, none
        at all, or SNRs without clips are as good.

    Raises
    ------
    UserError
        Clips have different lengths.
    """
    _check(clips)
    peaks = {pair: correlation(*(clips[snr] for snr in pair)) for pair in combinations(clips, 2)}
    limit = threshold(sum(table.size for table in peaks.values()))
    links = [link for pair, table in peaks.items() for link in _assigned(pair, table, limit)]
    recordings = _united({snr: len(of_snr) for snr, of_snr in clips.items()}, links)
    accepted = (
        link.peak
        for link in links
        if len({recordings[snr][place] for snr, place in (link.one, link.other)}) == 1
    )
    return Matching(
        recordings,
        limit,
        min(accepted, default=np.nan),
        max(_between_recordings(recordings, peaks), default=np.nan),
        _share_found(recordings),
    )


def _check(clips: Mapping[str, np.ndarray]) -> None:
    if len({of_snr.shape[1] for of_snr in clips.values() if len(of_snr)}) > 1:
        raise UserError(
            f"clips at {', '.join(clips)} differ in length and cannot be compared; "
            "cut them to one length"
        )


def _assigned(pair: tuple[str, str], peaks: np.ndarray, limit: float) -> Iterator[_Link]:
    """Yield which clips of two SNRs belong together, one to one."""
    # Two clips with the very same noise can correlate more than each with its own partner. Capped,
    # their peak does not make up for the two partners that they would lose.
    worth = np.where(peaks < limit, 0, np.minimum(peaks, CERTAIN) + EXCESS * peaks)
    for places in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
        if peaks[places] >= limit:
            one, other = zip(pair, map(int, places), strict=True)
            yield _Link(float(peaks[places]), one, other)


def _united(counts: dict[str, int], links: list[_Link]) -> dict[str, np.ndarray]:
    """Return SNR -> numbers of recordings, in the order of the clips.

    A link that would bring two clips of one SNR together is left out.
    """
    groups = {(snr, place): {snr: place} for snr, count in counts.items() for place in range(count)}
    for link in sorted(links, reverse=True):
        one, other = groups[link.one], groups[link.other]
        if not one.keys() & other.keys():
            one.update(other)
            groups.update((clip, one) for clip in other.items())
    numbers: dict[int, int] = {}
    return {
        snr: np.array(
            [numbers.setdefault(id(groups[snr, place]), len(numbers)) for place in range(count)],
            np.int64,
        )
        for snr, count in counts.items()
    }


def _between_recordings(
    recordings: dict[str, np.ndarray], peaks: dict[tuple[str, str], np.ndarray]
) -> Iterator[float]:
    """Yield, for each two SNRs, the largest peak between clips of different recordings."""
    for (one, other), table in peaks.items():
        different = table[recordings[one][:, None] != recordings[other]]
        if different.size:
            yield float(different.max())


def _share_found(recordings: dict[str, np.ndarray]) -> float:
    pairs = list(combinations(recordings.values(), 2))
    possible = sum(min(len(one), len(other)) for one, other in pairs)
    return sum(len(np.intersect1d(*pair)) for pair in pairs) / possible if possible else np.nan
