"""Waveforms keep every peak."""

import numpy as np
import pytest

from mimii_bench.figures.canvas import LABEL_COLOURS
from mimii_bench.figures.from_recordings import Waveform
from mimii_bench.figures.waveforms import Waveforms, envelope


def test_the_envelope_keeps_the_extremes_of_every_block():
    samples = np.random.default_rng(0).normal(size=1005)
    low, high = envelope(samples, 10)
    assert len(low) == len(high) == 101
    assert low[3] == samples[30:40].min()
    assert high[-1] == samples[1000:].max()
    assert (low.min(), high.max()) == (samples.min(), samples.max())


def test_clips_are_stacked_on_one_scale_in_their_colours():
    loud, quiet = np.sin(np.arange(32_000)), 0.1 * np.sin(np.arange(32_000))
    sounds = [Waveform("fan", "normal", quiet, 16_000), Waveform("fan", "abnormal", loud, 16_000)]
    upper, lower = Waveforms().draw([sounds]).axes
    assert upper.get_ylim() == lower.get_ylim()
    assert upper.get_xlim() == (0, 2)
    for panel, label in ((upper, "normal"), (lower, "abnormal")):
        (area,) = panel.collections
        colour = [int(LABEL_COLOURS[label][k : k + 2], 16) / 255 for k in (1, 3, 5)]
        assert area.get_facecolor()[0, :3] == pytest.approx(colour)
    heights = upper.collections[0].get_paths()[0].vertices[:, 1]
    assert heights.max() == pytest.approx(0.1, rel=1e-3)
