"""Copies of genuine recordings at another level or moment; no two others are taken for such."""

import numpy as np
import pytest
import soundfile

from mimii_bench.audio.likeness import SAME, excerpt_of, likenesses


@pytest.fixture(scope="module")
def clips(real_recordings):
    """Channel 0 of the genuine clips of a third of the units, by path."""
    paths = sorted((real_recordings / "mimii").rglob("*.flac"))[::3]
    return {path: soundfile.read(path, dtype="int16", always_2d=True)[0][:, 0] for path in paths}


def test_no_genuine_clip_is_a_copy_of_another(clips):
    excerpts = [excerpt_of(samples) for samples in clips.values()]
    assert len(excerpts) > 30
    assert list(likenesses(excerpts)) == []
    shapes = np.array([one.shape for one in excerpts])
    closest = np.abs(shapes @ shapes.T - np.eye(len(shapes))).max()
    assert 0.1 < closest < SAME - 0.1


@pytest.mark.parametrize("gain", [0.9, 0.3, 0.1, -1])
def test_copies_of_genuine_clips_are_found(gain, clips):
    originals = list(clips.values())
    later = [np.rint(samples[2000:] * gain).astype(np.int16) for samples in originals]
    found = list(likenesses([excerpt_of(one) for one in [*originals, *later]]))
    assert len(found) >= 0.9 * len(originals)
    for one in found:
        assert one.clip - one.original == len(originals)
        assert one.gain == pytest.approx(gain, rel=0.02)
        assert one.later == -2000


def test_what_is_short_or_constant_has_no_excerpt():
    assert excerpt_of(np.zeros(100_000, np.int16)) is None
    assert excerpt_of(np.arange(8000, dtype=np.int16)) is None
    assert list(likenesses([None, None])) == []
    assert list(likenesses([])) == []
