"""A tone has one hue, that of its phase's advance, and the brightness of its level."""

import librosa
import numpy as np
import pytest
from matplotlib.colors import rgb_to_hsv

from mimii_bench.figures.from_recordings import Waveform
from mimii_bench.figures.rainbowgrams import Rainbowgrams, constant_q, phase_advance, rainbow

#: The constants of the code that is cited.
CITED = {"hop": 256, "octaves": 6, "bins_per_octave": 10 * 4, "filter_scale": 0.8, "range_db": 70}
OPTIONS = Rainbowgrams.Options(range_db=40)
RATE, HOP = 16_000, CITED["hop"]
BINS = librosa.cqt_frequencies(6 * 40, fmin=librosa.note_to_hz("C2"), bins_per_octave=40)
#: Frames whose filters reach beyond the clip's ends.
EDGE = 40


def spectrum_of(samples):
    return constant_q(samples, RATE, OPTIONS)


def test_the_defaults_are_those_of_the_cited_code():
    defaults = Rainbowgrams.Options().model_dump()
    assert defaults.pop("lowest_hz") == pytest.approx(librosa.note_to_hz("C2"), abs=1e-3)
    assert defaults == CITED
    assert len(spectrum_of(tone(500.0))) == len(BINS)


def tone(hertz, level=1.0, seconds=4):
    return (level * np.sin(2 * np.pi * hertz * np.arange(seconds * RATE) / RATE)).astype(np.float32)


def row_of(hertz):
    return int(np.abs(BINS - hertz).argmin())


@pytest.mark.parametrize("hertz", [82.4, 311.0, 1003.0, 1010.5, 3520.0])
def test_a_tone_s_phase_advances_by_its_frequency_times_the_hop(hertz):
    """Against the definition of frequency, which no transform had a part in."""
    found = phase_advance(spectrum_of(tone(hertz)))[row_of(hertz), EDGE:-EDGE]
    expected = 2 * np.pi * hertz * HOP / RATE
    away = np.angle(np.exp(1j * (found - expected)))
    assert np.abs(away).max() < 0.02


@pytest.mark.parametrize("hertz", [311.0, 1003.0])
def test_a_tone_is_a_line_of_one_hue(hertz):
    spectrum = spectrum_of(tone(hertz))
    colours = rgb_to_hsv(rainbow(spectrum, np.abs(spectrum).max(), 40))
    hue, saturation, brightness = colours[row_of(hertz), EDGE:-EDGE].T
    advance = np.angle(np.exp(2j * np.pi * hertz * HOP / RATE))
    np.testing.assert_allclose(hue, (advance + np.pi) / (2 * np.pi), atol=0.005)
    np.testing.assert_allclose(saturation, 1)
    assert brightness.min() > 0.95
    assert colours[row_of(4 * hertz), EDGE:-EDGE, 2].max() < 0.2


def test_a_tone_that_changes_its_pitch_changes_its_hue():
    both = np.concatenate([tone(1000.0), tone(1008.0)])
    advance = phase_advance(spectrum_of(both))[row_of(1004.0)]
    frames = len(advance) // 2
    first, second = advance[EDGE : frames - EDGE], advance[frames + EDGE : -EDGE]
    difference = np.angle(np.exp(1j * (np.median(second) - np.median(first))))
    assert difference == pytest.approx(2 * np.pi * 8 * HOP / RATE, abs=0.02)


def test_brightness_is_the_level_and_black_is_40_db_down():
    loud, soft, faint = (spectrum_of(tone(1003.0, level)) for level in (1, 0.1, 0.009))
    loudest = np.abs(loud).max()
    middle = [
        rgb_to_hsv(rainbow(x, loudest, 40))[row_of(1003.0), 120, 2] for x in (loud, soft, faint)
    ]
    assert middle == pytest.approx([1, 0.5, 0], abs=0.02)


def test_a_frame_has_the_level_at_its_end_and_the_advance_since_the_one_before():
    rng = np.random.default_rng(0)
    spectrum = rng.uniform(0.02, 1, (3, 6)) * np.exp(1j * rng.uniform(-3, 3, (3, 6)))
    hue, _, brightness = np.moveaxis(rgb_to_hsv(rainbow(spectrum, 1.0, 40)), -1, 0)
    np.testing.assert_allclose(40 * brightness - 40, 20 * np.log10(np.abs(spectrum[:, 1:])))
    turned = np.angle(spectrum[:, 1:] / spectrum[:, :-1])
    np.testing.assert_allclose(2 * np.pi * hue - np.pi, turned, atol=1e-6)


def test_rows_are_parts_columns_are_clips_and_the_loudest_clip_is_the_brightest():
    parts = [
        [
            Waveform("fan 06", "abnormal", tone(500.0), RATE),
            Waveform("fan 06", "normal", tone(500.0, 0.1), RATE),
        ],
        [
            Waveform("pump 00", "abnormal", tone(700.0), RATE),
            Waveform("pump 00", "normal", tone(700.0), RATE),
        ],
    ]
    figure = Rainbowgrams(range_db=40).draw(parts)
    *upper, key, third, fourth = figure.axes
    assert [panel.get_title() for panel in (*upper, third, fourth)] == [
        "abnormal, fan 06",
        "normal, fan 06",
        "abnormal, pump 00",
        "normal, pump 00",
    ]
    brightest = [panel.images[0].get_array().max() for panel in (*upper, third, fourth)]
    assert brightest == pytest.approx([1, 0.5, 1, 1], abs=0.05)
    assert "phase advance" in key.get_ylabel()


def test_a_frequency_s_mark_stands_at_its_bin():
    panel, *_ = Rainbowgrams().draw([[Waveform("fan", "normal", tone(1000.0), RATE)]]).axes
    marks = dict(
        zip([t.get_text() for t in panel.get_yticklabels()], panel.get_yticks(), strict=True)
    )
    image = panel.images[0].get_array()
    assert image[:, 120].max(axis=1).argmax() == pytest.approx(marks["1k"], abs=0.6)
