"""Segments of clips: random ones, mixtures of them, and those that cover a clip."""

import numpy as np
import pytest
import torch

from mimii_bench.systems.learning.segments import (
    Covering,
    Crops,
    Mixtures,
    covering,
    segment_starts,
)
from mimii_bench.systems.learning.spectra import Scale
from mimii_bench.util.errors import UserError

SIZE = 4
IDS = torch.tensor([0, 0, 1, 1, 1, 2])
TARGETS = torch.nn.functional.one_hot(IDS).float()


def numbered(clips=6, length=11, bins=3, dtype=np.float32):
    """Frames that tell where they are: 1000 · clip + frame, in every bin."""
    number = 1000 * np.arange(clips)[:, None] + np.arange(length)
    return np.repeat(number[:, :, None], bins, axis=2).astype(dtype)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def crops(seed=0, frames=None):
    return Crops(numbered() if frames is None else frames, TARGETS, SIZE, generator(seed))


def mixtures(seed=0, frames=None):
    return Mixtures(numbered() if frames is None else frames, TARGETS, SIZE, generator(seed))


@pytest.mark.parametrize(
    ("length", "starts"),
    [(313, [0, 64, 128, 192, 249]), (256, [0, 64, 128, 192]), (64, [0]), (65, [0, 1])],
)
def test_segments_cover_a_clip_and_the_last_ends_with_it(length, starts):
    assert segment_starts(length, 64) == starts
    covered = {frame for start in starts for frame in range(start, start + 64)}
    assert covered == set(range(length))


def test_a_clip_that_is_too_short_names_the_option():
    with pytest.raises(UserError, match=r"63 frames is shorter than a segment of 64; lower frames"):
        segment_starts(63, 64)
    with pytest.raises(UserError, match="lower frames"):
        Crops(numbered(length=3), TARGETS, SIZE, generator())


def test_covering_cuts_one_clip():
    clip = numbered()[2]
    found = covering(clip, SIZE)
    assert found.shape == (3, SIZE, 3)
    expected = np.stack([clip[0:4], clip[4:8], clip[7:11]])
    np.testing.assert_array_equal(found.numpy(), expected)


def test_what_is_watched_is_every_clip_from_end_to_end():
    examples = Covering(numbered(), TARGETS, SIZE)
    assert len(examples.indices) == 6 * 3
    segments, targets = examples.take(examples.indices)
    for clip in range(6):
        expected = covering(numbered()[clip], SIZE)
        assert torch.equal(segments[3 * clip : 3 * clip + 3], expected)
        assert torch.equal(targets[3 * clip : 3 * clip + 3], TARGETS[clip].expand(3, -1))
    assert all(map(torch.equal, examples.take(examples.indices), (segments, targets)))


def test_a_crop_is_consecutive_frames_of_its_clip():
    examples = crops()
    indices = torch.tensor([4, 0, 5])
    segments, targets = examples.take(indices)
    assert segments.shape == (3, SIZE, 3)
    assert torch.equal(segments[:, 1:] - segments[:, :-1], torch.ones(3, SIZE - 1, 3))
    assert torch.equal(torch.div(segments[:, 0, 0], 1000).floor().long(), indices)
    assert torch.equal(targets, TARGETS[indices])


def test_every_start_is_drawn_and_anew_each_time():
    examples = crops()
    starts = [examples.take(torch.tensor([0]))[0][0, 0, 0].item() for _ in range(200)]
    assert set(starts) == set(range(11 - SIZE + 1))
    assert starts[:8] != starts[8:16]


@pytest.mark.parametrize("kind", [crops, mixtures])
def test_examples_follow_the_seed(kind):
    indices = torch.arange(6)
    first, again, other = (kind(seed).take(indices) for seed in (0, 0, 1))
    assert all(map(torch.equal, first, again))
    assert not torch.equal(first[0], other[0])


def test_weights_of_a_mixture_are_positive_sum_to_one_and_are_uniform():
    _, weights = mixtures().take(torch.zeros(4000, dtype=torch.long))
    torch.testing.assert_close(weights.sum(1), torch.ones(4000))
    assert (weights > 0).all()
    # Dirichlet(1) over three: mean 1/3, variance 1/18, covariance -1/36.
    np.testing.assert_allclose(weights.mean(0), 1 / 3, atol=0.015)
    expected = np.full((3, 3), -1 / 36) + np.eye(3) * (1 / 18 + 1 / 36)
    np.testing.assert_allclose(np.cov(weights.numpy().T), expected, atol=0.005)


@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
def test_a_mixture_is_the_weighted_sum_of_one_segment_of_every_class(dtype):
    """Each clip is a power of two: the sum tells which clips are in it."""
    clips = np.full((6, 11, 3), (2.0 ** np.arange(6))[:, None, None], dtype)
    indices = torch.tensor([0, 1, 2, 3, 4, 5] * 20)
    mixed, weights = mixtures(frames=clips).take(indices)
    members = [torch.nonzero(place == IDS).flatten().tolist() for place in range(3)]
    seen = set()
    for index, segment, weight in zip(indices.tolist(), mixed, weights, strict=True):
        parts = [
            (a, b, c)
            for a in members[0]
            for b in members[1]
            for c in members[2]
            if torch.isclose(
                segment[0, 0].real,
                sum(w * 2.0**k for w, k in zip(weight.double(), (a, b, c), strict=True)),
                rtol=1e-6,
            )
        ]
        assert len(parts) == 1
        # The clip that the index names stands for its own class.
        assert index in parts[0]
        seen.add(parts[0])
    assert len(seen) == 2 * 3 * 1


def test_an_epoch_of_mixtures_is_as_long_as_one_of_clips():
    assert torch.equal(mixtures().indices, torch.arange(6))


def test_complex_frames_stay_complex_and_single():
    frames = numbered(dtype=np.complex64) * np.complex64(1j)
    for examples in (crops(frames=frames), mixtures(frames=frames)):
        segments, _ = examples.take(torch.arange(6))
        assert segments.dtype == torch.complex64
        assert segments.real.abs().max() == 0


def test_frames_are_held_once():
    frames = numbered(clips=6, length=400, bins=8)
    examples = crops(frames=frames)
    frames += 1
    segments, _ = examples.take(torch.tensor([0]))
    assert segments[0, 0, 0] >= 1
    assert torch.equal(segments[0, 1:] - segments[0, :-1], torch.ones(SIZE - 1, 8))
    assert examples._windows._view.untyped_storage().nbytes() == frames.nbytes


def test_the_scale_of_real_spectra_is_mean_and_standard_deviation():
    spectra = np.random.default_rng(0).normal(-50, 12, (3, 20, 7)).astype(np.float32)
    scale = Scale.of(spectra)
    assert scale.centre == pytest.approx(spectra.mean(dtype=float))
    assert scale.unit == pytest.approx(spectra.std(dtype=float))
    image = scale.image(torch.from_numpy(spectra))
    assert image.shape == (3, 1, 7, 20)
    assert image.mean().item() == pytest.approx(0, abs=1e-5)
    assert image.std().item() == pytest.approx(1, rel=0.01)
    expected = (spectra[1, 5, 2] - scale.centre) / scale.unit
    assert image[1, 0, 2, 5].item() == pytest.approx(expected, rel=1e-5)


def test_the_scale_of_complex_spectra_keeps_phases():
    rng = np.random.default_rng(0)
    spectra = (0.01 * (rng.normal(size=(3, 20, 7)) + 1j + 3)).astype(np.complex64)
    scale = Scale.of(spectra)
    assert scale.centre == 0
    assert scale.unit == pytest.approx(np.sqrt((np.abs(spectra) ** 2).mean()))
    image = scale.image(torch.from_numpy(spectra))
    assert image.shape == (3, 2, 7, 20)
    expected = spectra.transpose(0, 2, 1) / scale.unit
    np.testing.assert_allclose(image[:, 0], expected.real, rtol=1e-5)
    np.testing.assert_allclose(image[:, 1], expected.imag, rtol=1e-5)


def test_silence_has_a_scale():
    assert Scale.of(np.zeros((2, 5, 3), np.float32)) == (0.0, 1.0)
