"""The IMS spectrogram against a direct computation in double precision."""

import numpy as np
import pytest

from mimii_bench.features.ims import Ims
from mimii_bench.features.logmel import LogMel
from mimii_bench.features.sinc import mel_cutoffs, sinc_filters

RATE = 16_000
TIME = np.arange(30_000) / RATE
NOISE = np.random.default_rng(0).normal(0, 0.1, TIME.size)
HUM = 0.5 * np.sin(2 * np.pi * 50 * TIME)
#: A clip, and how far its numbers may be off, relative to each.
CLIPS = {
    "noise": (NOISE, 1e-5),
    "hum over noise 74 dB below": (HUM + 1e-3 * NOISE, 1e-4),
    "a pure tone, of which most filters pass next to nothing": (HUM, 1e-3),
    "quiet, 16 bits": (np.round(0.01 * NOISE * 32768) / 32768, 1e-5),
}


def direct(samples, filters):
    """Filter by summing products, transform every frame, average over bins: (frame, filter)."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(1024) / 1024)
    columns = []
    for taps in filters:
        filtered = np.convolve(samples.astype(float), taps, mode="same")
        frames = [filtered[i : i + 1024] for i in range(0, len(samples) - 1023, 512)]
        columns.append(np.abs(np.fft.rfft(frames * window)).mean(axis=1))
    return np.array(columns).T


def filters():
    return sinc_filters(*mel_cutoffs(40, 16_000), 251, 16_000)


@pytest.mark.parametrize("name", CLIPS)
def test_the_sinc_part_equals_the_direct_computation(name):
    samples, tolerance = CLIPS[name]
    samples = samples.astype(np.float32)
    ours = Ims(sample_rate=RATE).transform(samples)[:, 128:]
    np.testing.assert_allclose(ours, direct(samples, filters()), rtol=tolerance)


@pytest.mark.parametrize("length", [1024, 1535, 7168, 7679, 7680, 14_000])
def test_it_does_so_for_clips_of_any_length(length):
    """Of one frame, of a whole block, of one frame more; with and without a remainder."""
    samples = NOISE[:length].astype(np.float32)
    ours = Ims(sample_rate=RATE).transform(samples)[:, 128:]
    np.testing.assert_allclose(ours, direct(samples, filters()), rtol=1e-5)


def test_it_does_so_for_other_filters():
    samples = NOISE.astype(np.float32)
    feature = Ims(sample_rate=RATE, n_mels=16, n_filters=11, filter_length=101)
    few = sinc_filters(*mel_cutoffs(11, 16_000), 101, 16_000)
    assert feature.n_bins == 27
    np.testing.assert_allclose(feature.transform(samples)[:, 16:], direct(samples, few), rtol=1e-5)


def test_it_does_so_for_the_filters_as_they_are_printed():
    samples = NOISE.astype(np.float32)
    bare = sinc_filters(*mel_cutoffs(40, RATE), 251, RATE, taper="none", gain="band")
    ours = Ims(sample_rate=RATE, taper="none", gain="band").transform(samples)
    np.testing.assert_allclose(ours[:, 128:], direct(samples, bare), rtol=1e-5)
    np.testing.assert_array_equal(ours[:, :128], Ims(sample_rate=RATE).transform(samples)[:, :128])


def test_a_whole_clip_has_311_frames_of_168():
    samples = np.random.default_rng(1).normal(0, 0.1, 160_000).astype(np.float32)
    feature = Ims(sample_rate=RATE)
    ours = feature.transform(samples)
    assert (ours.shape, ours.dtype) == ((311, 168), np.float32)
    assert ours.shape == (feature.frames(160_000), feature.n_bins)
    last = direct(samples[310 * 512 - 512 :], filters()[[0, 20, 39]])[-1]
    np.testing.assert_allclose(ours[-1, [128, 148, 167]], last, rtol=1e-5)


def test_the_other_part_is_the_report_s_log_mel():
    samples = NOISE.astype(np.float32)
    logmel = LogMel(sample_rate=RATE, n_mels=128, padding="none", scale=1.0, eps=1e-6)
    np.testing.assert_array_equal(
        Ims(sample_rate=RATE).transform(samples)[:, :128], logmel.transform(samples)
    )


def test_a_clip_leaves_no_trace_in_the_next():
    one, other = NOISE[:20_000].astype(np.float32), NOISE[10_000:].astype(np.float32)
    feature = Ims(sample_rate=RATE)
    first = feature.transform(one)
    feature.transform(other)
    np.testing.assert_array_equal(feature.transform(one), first)


def test_silence_is_the_floor():
    ours = Ims(sample_rate=RATE).transform(np.zeros(30_000, np.float32))
    np.testing.assert_allclose(ours[:, :128], -6, rtol=1e-6)
    assert not ours[:, 128:].any()


def test_parameters_rebuild_the_feature():
    feature = Ims(sample_rate=RATE, n_filters=7, eps=1e-5)
    assert feature.parameters["n_mels"] == 128
    assert Ims(sample_rate=RATE, **feature.parameters).parameters == feature.parameters
