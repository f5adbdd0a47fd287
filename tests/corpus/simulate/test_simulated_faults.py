"""What each kind of anomaly changes: the long-term spectrum, the timing, or the place."""

from importlib import import_module

import numpy as np
import pytest

from mimii_bench.corpus.mimii import MACHINES
from mimii_bench.corpus.simulate import model_module
from mimii_bench.corpus.simulate.bank import Bank
from mimii_bench.corpus.simulate.faults import FAULTS, fault_of
from mimii_bench.corpus.simulate.recording import Model

WINDOW = np.hanning(1025)[:-1]


def mel_bands(count=64):
    """Triangular filters evenly spaced in mel (HTK), shape (count, 513)."""
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 8000 / 700), count + 2) / 2595) - 1)
    frequencies = np.arange(513) * 16_000 / 1024
    rising = (frequencies - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - frequencies) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(np.minimum(rising, falling), 0)[3:]


def long_term(channel):
    """Mean power in mel bands over the clip, dB."""
    frames = np.lib.stride_tricks.sliding_window_view(channel.astype(float), 1024)[::512]
    power = np.mean(np.abs(np.fft.rfft(frames * WINDOW, axis=1)) ** 2, axis=0)
    return 10 * np.log10(mel_bands() @ power)


def envelope(channel):
    """Energy above 500 Hz of each 32 ms, dB: the clip's timing."""
    frames = channel[: 312 * 512].astype(float).reshape(312, 512)
    return 10 * np.log10(np.sum(np.abs(np.fft.rfft(frames, axis=1)[:, 16:]) ** 2, axis=1))


def pair(bank_path, machine, id, fault, draw):
    """A sound and a faulty recording with the same random draws, as far as both draw alike."""
    with Bank(bank_path) as bank:
        model = Model(machine, id, bank.responses(machine, id), seed=0)
    module = import_module(model_module(machine))
    return [
        model.heard(module.sounds(module.UNITS[id], name, np.random.default_rng(draw)))
        for name in (None, fault)
    ]


def kinds(shows_in):
    return [(m, f.name) for m in MACHINES for f in FAULTS[m] if f.shows_in == shows_in]


def rms(values):
    return np.sqrt(np.mean(values**2))


@pytest.mark.parametrize(("machine", "fault"), kinds("spatial"))
@pytest.mark.parametrize("id", ["00", "06"])
def test_spatial_faults_show_only_between_microphones(bank_path, machine, fault, id):
    at_reference, between = [], []
    for draw in range(3):
        sound, faulty = pair(bank_path, machine, id, fault, draw)
        at_reference.append(long_term(faulty[0]) - long_term(sound[0]))
        between.append(long_term(faulty[0] - faulty[4]) - long_term(sound[0] - sound[4]))
    at_reference, between = np.mean(at_reference, axis=0), np.mean(between, axis=0)
    assert rms(at_reference) < 1.0
    assert rms(between) > 1.5
    assert rms(between) > 2 * rms(at_reference)


@pytest.mark.parametrize(("machine", "fault"), kinds("temporal"))
def test_temporal_faults_keep_the_long_term_spectrum(bank_path, machine, fault):
    changes = []
    for draw in range(4):
        sound, faulty = pair(bank_path, machine, "00", fault, draw)
        changes.append(long_term(faulty[0]) - long_term(sound[0]))
    assert rms(np.mean(changes, axis=0)) < 1.0
    assert rms(envelope(faulty[0]) - envelope(sound[0])) > 2.0


@pytest.mark.parametrize(("machine", "fault"), kinds("spectral"))
def test_spectral_faults_change_the_long_term_spectrum(bank_path, machine, fault):
    sound, faulty = pair(bank_path, machine, "00", fault, draw=1)
    assert rms(long_term(faulty[0]) - long_term(sound[0])) > 1.2


def test_kinds_cycle_over_the_abnormal_clips():
    for machine in MACHINES:
        assert fault_of(machine, "normal", 3) is None
        drawn = [fault_of(machine, "abnormal", number) for number in range(8)]
        assert drawn == [*FAULTS[machine], *FAULTS[machine]]


def test_spatial_faults_exist_on_three_machines():
    assert {machine for machine, _ in kinds("spatial")} == {"pump", "slider", "valve"}
