"""Recordings: what they depend on, and that units and clips differ."""

import numpy as np
import pytest

from mimii_bench.corpus.mimii import IDS, MACHINES
from mimii_bench.corpus.simulate import room, signals
from mimii_bench.corpus.simulate.bank import Bank
from mimii_bench.corpus.simulate.recording import Model


@pytest.fixture(scope="module")
def model(bank_path):
    def make(machine, id, seed=5):
        with Bank(bank_path) as bank:
            return Model(machine, id, bank.responses(machine, id), seed)

    return make


@pytest.mark.parametrize("machine", MACHINES)
def test_recordings_have_the_real_level_and_repeat(model, machine):
    """Of a mix of 380 at -6 dB, the machine's part is 380 / sqrt(5) = 170 steps."""
    for id in IDS:
        unit = model(machine, id)
        recording = unit.recording("normal", 4)
        assert recording.shape == (8, 160_000)
        assert recording.dtype == np.float32
        assert 85 < np.sqrt(np.mean(recording**2)) < 340
        assert np.array_equal(recording, unit.recording("normal", 4))


def test_label_number_and_seed_make_another_recording(model):
    one = model("fan", "00").recording("normal", 0)
    assert not np.array_equal(one, model("fan", "00").recording("normal", 1))
    assert not np.array_equal(one, model("fan", "00").recording("abnormal", 0))
    assert not np.array_equal(one, model("fan", "00", seed=6).recording("normal", 0))


def test_the_lead_in_holds_an_impulse_response():
    assert signals.LEAD >= room.RESPONSE_LENGTH


def test_tones_are_the_sum_of_harmonics():
    phase = np.linspace(0, 40, 1000)
    made = signals.tones(phase, [0.5, 0.0, 0.25], [0.1, 0.2, 0.3])
    expected = 0.5 * np.cos(phase + 0.1) + 0.25 * np.cos(3 * phase + 0.3)
    assert made == pytest.approx(expected, abs=1e-4)


def test_shaped_noise_has_unit_power():
    magnitude = signals.envelope(((20, 0.0), (500, -6.0), (8000, -20.0)), ((300, 5, 6),))
    made = signals.to_time(signals.noise(np.random.default_rng(0), magnitude))
    assert np.mean(made**2) == pytest.approx(1.0, rel=0.03)
