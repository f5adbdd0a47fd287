"""The filters of SincNet against the formulas of its released code and of the report."""

import numpy as np
import pytest

from mimii_bench.features.sinc import mel_cutoffs, sinc_filters

LOW, HIGH = mel_cutoffs(40, 16_000)
FILTERS = sinc_filters(LOW, HIGH, 251, 16_000)


def mel(hz):
    return 2595 * np.log10(1 + hz / 700)


def test_cutoffs_are_sincnet_s_initialisation():
    grid_low, grid_high = LOW - 50, HIGH - 100
    np.testing.assert_allclose(grid_low[1:], grid_high[:-1])
    np.testing.assert_allclose(np.diff(mel(grid_low)), (mel(7900) - mel(30)) / 40)
    assert (LOW[0], HIGH[-1]) == pytest.approx((80, 8000))
    assert (HIGH - LOW).min() > 50


def test_taps_are_those_of_the_released_code():
    """It makes the left half out of two sines, mirrors it, and has a window of its own."""
    time = 2 * np.pi * np.arange(-125, 0) / 16_000
    window = 0.54 - 0.46 * np.cos(2 * np.pi * np.linspace(0, 251 / 2 - 1, 125) / 251)
    sines = np.sin(np.outer(HIGH, time)) - np.sin(np.outer(LOW, time))
    left = sines / (time / 2) * window / (2 * (HIGH - LOW)[:, None])
    whole = np.hstack([left, np.ones((40, 1)), left[:, ::-1]])
    np.testing.assert_allclose(FILTERS, whole, atol=1e-4)


def test_taps_are_the_report_s_formula_windowed_and_scaled():
    """Section 2.4 in its own units: cut-offs as fractions of the sample rate, sin(x) / x."""

    def low_pass(cutoff, tap):
        argument = 2 * np.pi * cutoff / 16_000 * tap
        return 2 * cutoff / 16_000 * (np.sin(argument) / argument if tap else 1.0)

    for band, tap in ((0, 0), (0, 17), (20, -3), (39, 125)):
        taps = low_pass(HIGH[band], tap) - low_pass(LOW[band], tap)
        middle = 2 * (HIGH[band] - LOW[band]) / 16_000
        hamming = 0.54 + 0.46 * np.cos(2 * np.pi * tap / 250)
        assert FILTERS[band, 125 + tap] == pytest.approx(taps / middle * hamming, abs=1e-12)


@pytest.mark.parametrize("band", [0, 20, 39])
def test_without_window_and_scale_taps_are_the_printed_formula(band):
    """Section 2.4: 2 f2 sinc(2 pi f2 n) - 2 f1 sinc(2 pi f1 n), sinc(x) = sin(x) / x."""
    bare = sinc_filters(LOW, HIGH, 251, 16_000, taper="none", gain="band")[band]
    tap = np.arange(1, 126)
    f1, f2 = LOW[band] / 16_000, HIGH[band] / 16_000
    printed = np.sin(2 * np.pi * f2 * tap) / (np.pi * tap)
    printed -= np.sin(2 * np.pi * f1 * tap) / (np.pi * tap)
    np.testing.assert_allclose(bare[126:], printed, atol=1e-15)
    np.testing.assert_allclose(bare[:125], printed[::-1], atol=1e-15)
    assert bare[125] == pytest.approx(2 * (f2 - f1))


def test_a_window_and_a_scale_are_chosen_apart():
    bare = sinc_filters(LOW, HIGH, 251, 16_000, taper="none", gain="band")
    np.testing.assert_allclose(
        sinc_filters(LOW, HIGH, 251, 16_000, gain="band"), bare * np.hamming(251), atol=1e-15
    )
    middle = sinc_filters(LOW, HIGH, 251, 16_000, taper="none")
    np.testing.assert_allclose(middle, bare / bare[:, [125]], atol=1e-12)


def test_a_printed_filter_passes_its_band_with_a_gain_of_1():
    (taps,) = sinc_filters([2000], [3000], 251, 16_000, taper="none", gain="band")
    hz = np.fft.rfftfreq(4096, 1 / 16_000)
    gain = np.abs(np.fft.rfft(taps, 4096))
    # It ripples, for want of a window.
    np.testing.assert_allclose(gain[(hz > 2200) & (hz < 2800)], 1, atol=0.05)


def test_a_wide_filter_lets_its_band_pass_and_nothing_else():
    (taps,) = sinc_filters([2000], [3000], 251, 16_000)
    hz = np.fft.rfftfreq(4096, 1 / 16_000)
    gain = np.abs(np.fft.rfft(taps, 4096)) / (16_000 / 2000)
    np.testing.assert_allclose(gain[(hz > 2150) & (hz < 2850)], 1, atol=0.01)
    assert gain[(hz < 1850) | (hz > 3150)].max() < 0.005


def test_an_even_length_is_refused():
    with pytest.raises(ValueError, match="a filter of 250 taps has no middle"):
        sinc_filters(LOW, HIGH, 250, 16_000)
