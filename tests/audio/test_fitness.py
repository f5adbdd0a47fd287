"""Longer recordings: refused, or cut where the description says so."""

from dataclasses import replace

import numpy as np
import pytest

from mimii_bench.audio.fitness import fitted
from mimii_bench.audio.wav import Recording
from mimii_bench.corpus.base import Corpus
from mimii_bench.util.errors import UserError

GEARS = Corpus("gears", "folder", 1, 8000, samples=80)


def recording(samples, channels=1, rate=8000):
    values = np.arange(samples * channels, dtype=np.int16).reshape(samples, channels)
    return Recording(values, rate, "PCM_16")


@pytest.mark.parametrize("samples", [80, 81, 200])
def test_what_is_longer_is_cut_at_its_end(samples):
    given = recording(samples)
    found = fitted(given, replace(GEARS, cut=True), "1.wav")
    assert np.array_equal(found.samples, given.samples[:80])


@pytest.mark.parametrize(("samples", "cut"), [(81, False), (79, False), (79, True)])
def test_another_length_is_refused(samples, cut):
    with pytest.raises(UserError, match=f"1.wav: {samples} samples, not 80"):
        fitted(recording(samples), replace(GEARS, cut=cut), "1.wav")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"channels": 2}, r"2.wav: 2 channel\(s\), not 1 as 1.wav has"),
        ({"rate": 48_000}, "2.wav: sampled at 48000 Hz, not 8000 as 1.wav has"),
    ],
)
def test_of_what_was_found_the_first_recording_is_named(given, said):
    with pytest.raises(UserError, match=said):
        fitted(recording(80, **given), replace(GEARS, form_of="1.wav"), "2.wav")
