"""Stubs: as many clips as the real data set has, each unlike every other, on little disk."""

import numpy as np
import pytest

from mimii_bench.audio.wav import decode
from mimii_bench.corpus.archive import Archive
from mimii_bench.corpus.simulate import archives, stub
from mimii_bench.corpus.simulate.archives import make_archives
from mimii_bench.corpus.simulate.description import counts_of, simulation


class MadeUpBank:
    """A bank of two short scenes, which a stub draws from as from a real one."""

    scenes, scene_length = 2, 5_000

    def __init__(self, path=None):
        draws = np.random.default_rng(0)
        self._noise = draws.standard_normal((self.scenes, 8, 2 * self.scene_length), np.float32)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def noise(self, scene, start, samples):
        return self._noise[scene, :, start : start + samples].copy()


@pytest.fixture
def bank():
    return MadeUpBank()


def made(bank, label="normal", number=0, snr="0dB", samples=33_600):
    return stub.stub(bank, 0, "fan", "00", label, number, snr, samples)


def test_a_stub_is_as_long_as_is_asked_and_the_same_every_time(bank):
    for samples in (700, 33_600):
        found = made(bank, samples=samples)
        assert (found.shape, found.dtype) == ((8, samples), np.int16)
        np.testing.assert_array_equal(found, made(bank, samples=samples))


def test_no_two_clips_are_alike(bank):
    places = [("normal", 0), ("normal", 1), ("abnormal", 0)]
    found = {made(bank, *place, snr).tobytes() for place in places for snr in ("-6dB", "6dB")}
    assert len(found) == 6


def test_versions_of_a_recording_are_more_alike_where_noise_is_lower(bank):
    at = {snr: made(bank, snr=snr)[0].astype(float) for snr in ("-6dB", "0dB", "6dB")}
    alike = {snr: np.corrcoef(at["0dB"], at[snr])[0, 1] for snr in ("-6dB", "6dB")}
    assert alike["6dB"] > alike["-6dB"] > 0.4


def test_archives_of_stubs_hold_the_published_counts_and_are_small(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "Bank", MadeUpBank)
    place = tmp_path / "6_dB_slider.zip"
    make_archives(tmp_path, "slider", {"6dB": place}, ["06"], 20, None, 0, 1.0)
    with Archive(place) as held:
        names = held.names()
        recording = decode(held.read(names[0]), names[0])
        sizes = sum(len(held.read(name)) for name in names)
    assert sum("/normal/" in name for name in names) == 20
    assert sum("/abnormal/" in name for name in names) == 89
    assert recording.samples.shape == (16_000, 8)
    assert place.stat().st_size < sizes / 10


def test_the_length_of_clips_is_that_of_the_description():
    assert simulation(2.1).samples == 33_600
    assert simulation().samples == 160_000
    assert counts_of("pump", "04", None, None) == (702, 100)
