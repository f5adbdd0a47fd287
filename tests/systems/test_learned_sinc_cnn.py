"""The CNN with learned band-pass filters: where they start, what they pass, that they learn."""

import numpy as np
import pytest
import soundfile
import torch

from mimii_bench.features.ims import Ims
from mimii_bench.features.sinc import mel_cutoffs, sinc_filters
from mimii_bench.systems import learned_sinc_cnn
from mimii_bench.systems.learned_sinc_cnn import LearnedSincCnn
from mimii_bench.systems.networks.learned_sinc import SincFilters
from mimii_bench.systems.spectrogram_cnn import SpectrogramCnn
from mimii_bench.util.errors import UserError
from systems.sounds import save, scores_of

SMALL = {"channels": [4, 6], "n_filters": 8, "batch_size": 8, "learning_rate": 0.01}
RATE = 16_000
SAMPLES = 12 * 512 + 512


def tones(clips, hertz, seed=0):
    """Tones in noise, of any phase: samples (clip, sample, 1), and flat frames (clip, 12, 5)."""
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 2 * np.pi, (clips, 1))
    wave = 0.1 * np.sin(2 * np.pi * hertz * np.arange(SAMPLES) / RATE + phase)
    samples = (wave + rng.normal(0, 0.03, wave.shape)).astype(np.float32)
    return rng.normal(-3, 1, (clips, 12, 5)).astype(np.float32), samples[..., None]


def labelled(clips, seed=0):
    """Only the samples tell the labels apart."""
    parts = tones(clips, 1000, seed), tones(clips, 2500, seed + 100)
    logmel, samples = map(np.concatenate, zip(*parts, strict=True))
    return logmel, samples, np.repeat(["normal", "abnormal"], clips)


@pytest.fixture(scope="module")
def fitted():
    return LearnedSincCnn(**SMALL, epochs=2, seed=1).fit(*labelled(8))


def test_the_filters_start_as_those_of_the_stored_feature():
    filters = SincFilters(40, 251, RATE)
    cutoffs = mel_cutoffs(40, RATE)
    with torch.inference_mode():
        for ours, stored in zip(filters.cutoffs(), cutoffs, strict=True):
            np.testing.assert_allclose(ours, stored, rtol=1e-6)
        np.testing.assert_allclose(
            filters.taps(), sinc_filters(*cutoffs, 251, RATE), rtol=0, atol=1e-5
        )


def noise(samples=160_000, seed=0):
    """A clip like a fan's: much below 1 kHz, little above."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    hertz = np.fft.rfftfreq(samples, 1 / RATE)
    return (np.fft.irfft(spectrum / (1 + hertz / 300)) * 0.01).astype(np.float32)


def test_its_magnitudes_are_nearly_those_of_the_stored_feature():
    clip = noise()
    stored = Ims(sample_rate=RATE).transform(clip)[:, 128:]
    with torch.inference_mode():
        ours = SincFilters(40, 251, RATE)(torch.from_numpy(clip)[None])[0].numpy()
    assert ours.shape == stored.shape == (311, 40)
    error = np.abs(ours / stored - 1)
    assert np.median(error) < 0.012
    assert np.quantile(error, 0.95) < 0.035


def test_real_fan_clips_are_as_near_as_documented(real_recordings):
    files = sorted(real_recordings.glob("mimii/*/fan/*/*/*.flac"))
    clips = [soundfile.read(path, dtype="float32")[0].mean(1) for path in files]
    ims, filters, errors = Ims(sample_rate=RATE), SincFilters(40, 251, RATE), []
    with torch.inference_mode():
        for clip in clips:
            ours = filters(torch.from_numpy(clip)[None])[0].numpy()
            errors.append(np.abs(ours / ims.transform(clip)[:, 128:] - 1))
    near = np.concatenate(errors) <= 0.02
    assert near.mean() == pytest.approx(0.93, abs=0.01)
    assert np.median(np.concatenate(errors)) == pytest.approx(0.008, abs=0.001)
    assert near.all(axis=1).mean() == pytest.approx(0.11, abs=0.01)
    assert near.mean(axis=0).min() == near[:, 0].mean() == pytest.approx(0.69, abs=0.01)


def test_filters_stay_within_their_limits_whatever_is_learned():
    filters = SincFilters(3, 251, RATE)
    with torch.no_grad():
        filters.low.copy_(torch.tensor([-1.0, 0.0, 9.0]))
        filters.band.copy_(torch.tensor([0.0, -0.5, 9.0]))
        low, high = filters.cutoffs()
    np.testing.assert_allclose(low, [1050, 50, 9050])
    np.testing.assert_allclose(high[:2], [1100, 600])
    assert (high <= RATE / 2).all()


def test_it_has_the_documented_weights():
    logmel, samples = np.zeros((2, 311, 128), np.float32), noise()[None, :, None].repeat(2, 0)
    logmel[1] = 1
    labels = np.array(["normal", "abnormal"])
    system = LearnedSincCnn(epochs=1, batch_size=2).fit(logmel, samples, labels)
    plain = SpectrogramCnn(epochs=1, batch_size=2).fit(logmel, labels)
    assert system.layers == {**plain.layers, "sincfilters_1": 80}
    assert system.parameters == plain.parameters + 80 == 60_866
    assert "80 weights beside the 60,786" in learned_sinc_cnn.__doc__.replace("\n", " ")


def test_it_learns_cutoffs_and_tells_tones_apart():
    system = LearnedSincCnn(**SMALL, epochs=12, seed=1).fit(*labelled(24))
    start = torch.stack(SincFilters(8, 251, RATE).cutoffs()).detach().numpy()
    assert (np.abs(system.cutoffs - start) > 1).mean() > 0.8
    logmel, samples, labels = labelled(10, seed=50)
    scores = scores_of(system, logmel, samples)
    assert scores[labels == "normal"].max() < 0.5 < scores[labels == "abnormal"].min()


def test_the_gradient_of_a_cutoff_is_that_of_finite_differences():
    filters = SincFilters(4, 251, RATE)
    samples = torch.from_numpy(noise(4096))[None]

    def loss():
        return filters(samples).double().square().sum()

    loss().backward()
    step = 1e-2
    for weight in (filters.low, filters.band):
        expected = weight.grad.clone()
        for index in range(3):
            with torch.no_grad():
                ends = []
                for sign in (1, -1):
                    weight[index] += sign * step
                    ends.append(loss().item())
                    weight[index] -= sign * step
            slope = (ends[0] - ends[1]) / (2 * step)
            assert slope == pytest.approx(expected[index].item(), rel=0.05, abs=1e-4)


def test_the_log_mel_part_counts_too(fitted):
    logmel, samples, _ = labelled(4)
    other = logmel + np.linspace(0, 3, 5, dtype=np.float32)
    assert (scores_of(fitted, logmel, samples) != scores_of(fitted, other, samples)).all()


def test_seeds_give_the_same_scores_to_the_bit_or_others(fitted):
    clips = labelled(3, seed=9)[:2]
    again, other = (LearnedSincCnn(**SMALL, epochs=2, seed=s).fit(*labelled(8)) for s in (1, 2))
    np.testing.assert_array_equal(scores_of(again, *clips), scores_of(fitted, *clips))
    assert (scores_of(other, *clips) != scores_of(fitted, *clips)).all()


def test_a_saved_model_gives_the_same_scores(fitted, tmp_path):
    loaded = LearnedSincCnn.load(*save(fitted, tmp_path))
    clips = labelled(3, seed=9)[:2]
    np.testing.assert_array_equal(scores_of(loaded, *clips), scores_of(fitted, *clips))
    np.testing.assert_array_equal(loaded.cutoffs, fitted.cutoffs)


def test_clips_are_watched_with_both_inputs():
    system = LearnedSincCnn(**SMALL, epochs=2, seed=1)
    system.fit(*labelled(8), validation=labelled(4, seed=3))
    logmel, samples, labels = labelled(4, seed=3)
    scores = scores_of(system, logmel, samples)
    right = np.where(labels == "abnormal", scores, 1 - scores)
    assert system.history_[-1].validation_loss == pytest.approx(-np.log(right).mean(), rel=1e-4)


def test_log_mel_frames_that_are_not_those_of_the_samples_are_named():
    logmel, samples, labels = labelled(4)
    with pytest.raises(UserError, match=r"11 log-mel frames beside 12 of the samples; .*padding"):
        LearnedSincCnn(**SMALL, epochs=1).fit(logmel[:, 1:], samples, labels)


def test_an_even_number_of_taps_is_named():
    with pytest.raises(UserError, match=r"^filter_length: 250 taps have no middle"):
        LearnedSincCnn(**SMALL, filter_length=250)
