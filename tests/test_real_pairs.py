"""The benchmark on microphones: levels between them, and the pairs that the report prints."""

import runpy

import numpy as np
import pytest
import soundfile

from mimii_bench.corpus.mimii import CHANNELS, SAMPLE_RATE
from samples import ROOT, noise


@pytest.fixture(scope="module")
def script():
    """The script's functions by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")  # it imports another one
        return runpy.run_path(str(ROOT / "benchmarks/real_pairs.py"))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """A pump that microphone 2 hears 6 dB louder than the others, which all hear it alike."""
    folder = tmp_path_factory.mktemp("mimii")
    for id, label in (("00", "normal"), ("00", "abnormal"), ("02", "normal"), ("02", "abnormal")):
        unit = folder / f"-6dB/pump/id_{id}" / label
        unit.mkdir(parents=True)
        heard = np.repeat(noise(channels=1) // 4, CHANNELS, axis=1)
        heard[:, 2] *= 2
        soundfile.write(unit / "00000000.flac", heard, SAMPLE_RATE)
    return folder


def test_levels_are_in_decibels_over_microphone_0(script, recordings):
    assert script["level"](recordings, "pump", "ch2", "ch0") == pytest.approx(6.02, abs=0.01)
    assert script["level"](recordings, "pump", "ch5", "ch0") == pytest.approx(0, abs=0.01)
    # Half of its reference is left over of the pair 2-6.
    assert script["level"](recordings, "pump", "ch2-ch6", "ch2") == pytest.approx(-6.02, abs=0.01)


def test_what_is_low_does_not_count(script):
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    high, low = (np.sin(2 * np.pi * f * time) for f in (3000, 300))
    assert script["power"](high + low) == pytest.approx(script["power"](high), rel=1e-3)
    assert script["power"](low) < 1e-3 * script["power"](high)


@pytest.mark.parametrize(
    ("scores", "pairs"),
    [
        ("mse", {"fan": "0-4", "slider": "2-6", "pump": "2-6", "valve": "0-4"}),
        ("mahalanobis", {"fan": "0-4", "slider": "0-4", "pump": "2-6", "valve": "2-6"}),
    ],
)
def test_the_best_printed_pair_of_a_machine(script, scores, pairs):
    """Read off Table 1 by eye."""
    found = {m: script["named"](script["best_pair"](m, scores)) for m in pairs}
    assert found == pairs
