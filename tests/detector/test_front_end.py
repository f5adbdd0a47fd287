"""What recordings become before a feature hears them, and which are refused."""

import numpy as np
import pytest

from mimii_bench.audio.levels import Levels
from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.audio.streams import Stream, stream_of_bytes
from mimii_bench.detector.front_end import FrontEnd, check_alive
from mimii_bench.util.errors import UserError
from samples import noise, wav_bytes


def heard(samples, rate, front_end, mixes=("ch0",), blocks=None):
    whole = stream_of_bytes(wav_bytes(samples, rate), "it")
    split = np.array_split(samples, blocks or 1)
    stream = Stream(*whole[:5], iter(split)) if blocks else whole
    return np.concatenate(list(front_end.heard(stream, mixes, Levels())), axis=1)


def test_at_the_same_rate_it_is_the_mix_to_the_bit():
    samples = noise(samples=5000, channels=2)
    mixes = ("mono", "ch1", "ch0-ch1")
    found = heard(samples, 16_000, FrontEnd(channels=2), mixes, blocks=7)
    for row, name in zip(found, mixes, strict=True):
        np.testing.assert_array_equal(row, apply_mix(parse_mix(name), samples))


@pytest.mark.parametrize("rate", [16_001, 22_050, 44_100, 48_000, 96_000])
def test_a_tone_stays_a_tone_at_a_higher_rate(rate):
    time = np.arange(rate) / rate
    tone = np.sin(2 * np.pi * 1000 * time)
    samples = np.round(tone * 10_000).astype(np.int16)[:, None]
    found = heard(samples, rate, FrontEnd(), blocks=5)[0]
    assert abs(len(found) - 16_000) <= 1
    count = min(len(found), 16_000)
    expected = 10_000 / 32768 * np.sin(2 * np.pi * 1000 * np.arange(count) / 16_000)
    inside = slice(500, -500)
    np.testing.assert_allclose(found[:count][inside], expected[inside], atol=2e-4)


def test_what_lies_above_half_the_rate_is_gone():
    time = np.arange(44_100) / 44_100
    samples = np.round(np.sin(2 * np.pi * 12_000 * time) * 10_000).astype(np.int16)[:, None]
    found = heard(samples, 44_100, FrontEnd())[0]
    assert np.abs(found[500:-500]).max() < 1e-4


def test_blocks_make_no_difference_to_resampling():
    samples = noise(samples=44_100, channels=1)
    one, other = (heard(samples, 44_100, FrontEnd(), blocks=n) for n in (1, 13))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("rate", "channels", "reason"),
    [
        (8000, 1, "sampled at 8000 Hz, .* 16000 Hz; .* --rate 8000"),
        (16_000, 2, r"2 channel\(s\), .* recordings of 1"),
    ],
)
def test_what_the_rule_refuses_is_told(rate, channels, reason):
    with pytest.raises(UserError, match=reason):
        heard(noise(samples=100, channels=channels), rate, FrontEnd())


def test_samples_that_are_none_are_refused():
    samples = np.full((100, 1), np.nan, np.float32)
    stream = Stream("it", 16_000, 1, 100, "FLOAT", iter([samples]))
    with pytest.raises(UserError, match="it: some samples are no numbers"):
        list(FrontEnd().heard(stream, ["ch0"], Levels()))


@pytest.mark.parametrize(
    ("dead", "mixes", "refused"),
    [
        ([0], ["ch0"], True),
        ([1], ["ch0"], False),
        ([1], ["ch0", "ch0-ch1"], True),
        ([1], ["mono"], True),
        ([0, 1], ["ch0"], True),
        ([], ["mono", "ch0-ch1"], False),
    ],
)
def test_a_dead_channel_is_refused_where_it_is_heard(dead, mixes, refused):
    samples = noise(samples=100, channels=2)
    samples[:, dead] = 0
    levels = Levels()
    levels.add(samples)
    if refused:
        with pytest.raises(UserError, match=r"it: .*silent; look at the microphone"):
            check_alive(levels, mixes, "it")
    else:
        check_alive(levels, mixes, "it")
