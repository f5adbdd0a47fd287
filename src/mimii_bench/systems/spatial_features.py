"""What lies between microphones: phase differences, coherence and level differences of pairs."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mimii_bench.systems.backends.vectors import VectorSystem
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import each_once

Cue = Literal["phase", "coherence", "level"]


class SpatialFeatures(VectorSystem):
    """Back ends on what lies between each pair of the inputs, which are complex spectra."""

    class Options(VectorSystem.Options):
        """What is taken of each pair, and how that is scored."""

        cues: Annotated[
            list[Cue],
            each_once("cue"),
            Field(
                min_length=1,
                description="Of each bin: cosine and sine of the mean phase difference, magnitude "
                "of the coherence, ratio of the powers in decibels.",
            ),
        ] = ["phase", "coherence"]

    def _vector(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        if len(inputs) < 2 or not all(map(np.iscomplexobj, inputs)):
            raise UserError(
                "SpatialFeatures takes complex spectra of two or more microphones; give it such "
                "inputs in report.yaml"
            )
        spectra = [frames.astype(complex) for frames in inputs]
        return np.concatenate(list(pair_cues(spectra, self.options.cues)))


def pair_cues(spectra: Sequence[np.ndarray], cues: Sequence[Cue]) -> Iterator[np.ndarray]:
    """Yield the cues of each pair of channels, (bin,) each, averaged over the frames of a clip.

    With A and B the spectra of a pair, the cross-spectrum is C, the mean of ``A conj(B)``, and the
    powers P and Q are the means of ``abs(A)**2`` and ``abs(B)**2``. `phase` gives the real and the
    imaginary part of ``C / abs(C)``, `coherence` is ``abs(C) / sqrt(P Q)``, the root of the
    magnitude-squared coherence (Carter 1987), and `level` is ``10 log10(P / Q)``. Where a channel
    is silent the coherence is 0, the phase that of a difference of 0, and the level 0.

    Parameters
    ----------
    spectra : sequence of ndarray (frame, bin)
        Complex, one per channel.
    cues : sequence of {"phase", "coherence", "level"}
    """
    powers = [np.square(np.abs(frames)).mean(axis=0) for frames in spectra]
    for one, other in combinations(range(len(spectra)), 2):
        cross = (spectra[one] * spectra[other].conj()).mean(axis=0)
        for cue in cues:
            yield from _of_pair(cue, cross, powers[one], powers[other])


def _of_pair(cue: Cue, cross: np.ndarray, p: np.ndarray, q: np.ndarray) -> tuple[np.ndarray, ...]:
    heard, size = (p > 0) & (q > 0), np.abs(cross)
    if cue == "phase":
        whole = np.where(size > 0, size, 1.0)
        return np.where(size > 0, cross.real / whole, 1.0), cross.imag / whole
    if cue == "coherence":
        return (np.where(heard, size / np.sqrt(np.where(heard, p * q, 1.0)), 0.0),)
    return (np.where(heard, 10 * np.log10(np.where(heard, p, 1.0) / np.where(heard, q, 1.0)), 0.0),)
