"""Recordings found again at other SNRs: simulated with every pair known, real, and by chance."""

from itertools import product

import numpy as np
import pytest
import soundfile

from mimii_bench.audio.matching import CERTAIN, correlation, phases, same_recordings, threshold
from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.corpus.mimii import MACHINES, SAMPLES, SNRS
from mimii_bench.corpus.simulate.bank import Bank
from mimii_bench.corpus.simulate.mixing import average_power, background, quantise
from mimii_bench.corpus.simulate.recording import Model
from mimii_bench.util.errors import UserError

CLIPS = [(label, number) for label in ("normal", "abnormal") for number in range(3)]
#: Fan 00, microphone 0: (number at -6 dB, number at 0 dB) of docs/real-fans.md.
REAL = {"normal": {(1, 0), (3, 1), (5, 2)}, "abnormal": {(1, 0)}}


def stacked(clips):
    return np.array([phases(clip) for clip in clips])


def white(seed, clips=1, samples=8000):
    """Return unrelated clips, (clip, sample)."""
    return np.random.default_rng(seed).normal(size=(clips, samples)).astype(np.float32)


def pairs(matching, one, other):
    """Return the places of the clips of two SNRs that are one recording."""
    numbers = matching.recordings[one].tolist(), matching.recordings[other].tolist()
    return {
        (left, right)
        for (left, number), (right, same) in product(*map(enumerate, numbers))
        if number == same
    }


# Simulated clips: few scenes of noise, so that most clips share a stretch of it with some other.


@pytest.fixture(scope="module")
def bank(bank_path):
    with Bank(bank_path) as opened:
        yield opened


@pytest.mark.parametrize("machine", MACHINES)
def test_all_simulated_recordings_are_found_and_nothing_else(bank, machine):
    model = Model(machine, "00", bank.responses(machine, "00"), seed=5)
    average = average_power(model, CLIPS)
    recordings = {clip: model.recording(*clip) for clip in CLIPS}
    orders = {
        snr: np.random.default_rng(place).permutation(len(CLIPS))[: len(CLIPS) - place]
        for place, snr in enumerate(SNRS)
    }
    clips = {
        snr: stacked(
            quantise(recordings[CLIPS[n]] + background(bank, model, *CLIPS[n], snr, average))[0]
            for n in order
        )
        for snr, order in orders.items()
    }
    matching = same_recordings(clips)
    expected = {number: [] for number in range(len(CLIPS))}
    found = {}
    for snr, order in orders.items():
        for place, number in enumerate(order):
            expected[number].append((snr, place))
            found.setdefault(matching.recordings[snr][place], []).append((snr, place))
    assert sorted(found.values()) == sorted(expected.values())
    assert matching.accepted > 3 * max(matching.refused, matching.threshold)


def test_simulated_noise_shared_at_a_lag_is_no_match(bank):
    """Other recordings, the same 10 s of noise up to one step: the correlation is at that lag."""
    model = Model("fan", "00", bank.responses("fan", "00"), seed=5)
    recordings = [model.recording("normal", number)[0] for number in range(2)]
    scene = [bank.noise(0, start)[0] for start in (0, 6)]
    scale = 2 * np.std(recordings) / np.std(scene)
    one, other = (
        recording + scale * stretch for recording, stretch in zip(recordings, scene, strict=True)
    )
    np.testing.assert_allclose(scene[0][6:], scene[1][:-6])
    matching = same_recordings({"-6dB": stacked([one]), "0dB": stacked([other])})
    assert pairs(matching, "-6dB", "0dB") == set()
    assert matching.refused < 4
    lagged = correlation(stacked([one[6:]]), stacked([other[:-6]])).item()
    assert lagged > 50


# Real clips.


def real_clips(folder, mix="ch0"):
    return [
        apply_mix(parse_mix(mix), soundfile.read(path, dtype="int16")[0])
        for path in sorted(folder.glob("*.flac"))
    ]


@pytest.mark.parametrize("label", REAL)
def test_the_known_real_pairs_are_found_and_no_other(real_recordings, label):
    folders = {snr: real_recordings / f"mimii/{snr}/fan/id_00/{label}" for snr in ("-6dB", "0dB")}
    clips = {snr: stacked(real_clips(folder)) for snr, folder in folders.items()}
    matching = same_recordings(clips)
    assert pairs(matching, "-6dB", "0dB") == REAL[label]
    assert matching.accepted > 23
    assert matching.refused < 4


@pytest.mark.parametrize("machine", ["slider", "valve"])
def test_real_clips_of_the_same_strokes_and_clicks_are_no_match(real_recordings, machine):
    """They correlate up to 50 standard deviations, at the lag from click to click."""
    folder = real_recordings / f"mimii/-6dB/{machine}"
    found = [stacked(real_clips(unit / "normal")) for unit in sorted(folder.glob("id_*"))]
    for clips in found:
        matching = same_recordings({"-6dB": clips[::2], "0dB": clips[1::2]})
        assert pairs(matching, "-6dB", "0dB") == set()
        assert matching.refused < 4.5
    assert len(found) == 4


# The null, the threshold.


def test_unrelated_clips_are_standard_normal():
    peaks = correlation(stacked(white(0, 60)), stacked(white(1, 60)))
    assert peaks.shape == (60, 60)
    assert peaks.mean() == pytest.approx(0, abs=0.05)
    assert peaks.std() == pytest.approx(1, abs=0.03)
    assert np.abs(peaks).max() < threshold(peaks.size)


def test_the_correlation_is_the_mean_cosine_of_the_differences_of_phase():
    one, other = white(0, 3, 101), white(1, 2, 101)
    angles = [np.angle(np.fft.rfft(clips))[:, 1:] for clips in (one, other)]
    cosines = np.cos(angles[0][:, None] - angles[1]).sum(axis=-1)
    expected = cosines / np.sqrt(50 / 2)
    np.testing.assert_allclose(correlation(stacked(one), stacked(other)), expected, atol=0.05)


def test_a_clip_and_its_copy_at_another_level_have_all_phases_in_common():
    (clip,) = white(0, samples=SAMPLES)
    peak = correlation(stacked([clip]), stacked([1e-4 * clip])).item()
    assert peak == pytest.approx(np.sqrt(2 * (SAMPLES / 2 - 1)), rel=1e-3)


@pytest.mark.parametrize("bins", [2, 5, 50])
def test_peaks_exceed_the_bound_no_more_often_than_it_says(bins):
    angles = np.random.default_rng(0).uniform(0, 2 * np.pi, (200_000, bins))
    peaks = np.sqrt(2 / bins) * np.cos(angles).sum(axis=1)
    for level in (1.0, 2.0, 3.0):
        assert (peaks > level).mean() <= np.exp(-(level**2) / 2)


def test_the_threshold_is_where_the_bound_times_comparisons_is_one_in_a_million():
    for comparisons in (1, 96, 3 * 1068**2):
        bound = comparisons * np.exp(-(threshold(comparisons) ** 2) / 2)
        assert bound == pytest.approx(1e-6)
    assert threshold(0) == threshold(1)


def test_a_silent_clip_matches_nothing():
    silent = np.zeros((1, 8000), np.float32)
    matching = same_recordings({"-6dB": stacked(silent), "0dB": stacked([*silent, *white(0)])})
    assert pairs(matching, "-6dB", "0dB") == set()


# Who belongs to whom.


def test_partners_outweigh_a_larger_peak_of_the_same_noise():
    """Two clips with one noise correlate more than each of them does with its own partner."""
    recording, noises, shared = white(0, 2), white(1, 2), white(2)[0]
    one = [recording[0] + 4 * shared, recording[1] + noises[0]]
    other = [recording[0] + noises[1], recording[1] + 4 * shared]
    clips = {"-6dB": stacked(one), "0dB": stacked(other)}
    matching = same_recordings(clips)
    assert correlation(*clips.values()).argmax() == 1
    assert pairs(matching, "-6dB", "0dB") == {(0, 0), (1, 1)}
    assert matching.refused > matching.accepted > matching.threshold


def test_partners_are_told_from_other_clips_that_correlate_beyond_doubt():
    """All have the same clicks at the same samples, say; the partner still has more in common."""
    recording, noises, shared = white(0, 2), white(1, 4), white(2)[0]
    one = [recording[k] + shared + 0.5 * noises[k] for k in (0, 1)]
    other = [recording[k] + shared + 0.5 * noises[2 + k] for k in (1, 0)]
    clips = {"-6dB": stacked(one), "0dB": stacked(other)}
    assert correlation(*clips.values()).min() > CERTAIN
    assert pairs(same_recordings(clips), "-6dB", "0dB") == {(0, 1), (1, 0)}


def test_clips_are_matched_by_way_of_a_third_snr():
    recording, noises = white(0)[0], white(1, 3)
    clips = {
        snr: stacked([recording + level * noise])
        for snr, level, noise in zip(SNRS, (5, 5, 0.3), noises, strict=True)
    }
    alone = same_recordings({snr: clips[snr] for snr in ("-6dB", "0dB")})
    assert pairs(alone, "-6dB", "0dB") == set()
    assert alone.found == 0
    together = same_recordings(clips)
    assert {numbers.item() for numbers in together.recordings.values()} == {0}
    assert together.found == 1


@pytest.mark.parametrize("snrs", [SNRS, SNRS[::-1]])
def test_a_recording_never_holds_two_clips_of_one_snr(snrs):
    """The clip at 0 dB holds both recordings of -6 dB, of which 6 dB has the weaker one."""
    recording, noises = white(0, 2), white(1, 3)
    clips = {
        "-6dB": stacked([recording[0] + noises[0], recording[1] + noises[1]]),
        "0dB": stacked([recording[0] + 0.7 * recording[1]]),
        "6dB": stacked([recording[1] + 0.5 * noises[2]]),
    }
    matching = same_recordings({snr: clips[snr] for snr in snrs})
    assert pairs(matching, "-6dB", "0dB") == {(0, 0)}
    assert pairs(matching, "-6dB", "6dB") == {(1, 0)}
    assert pairs(matching, "0dB", "6dB") == set()


def test_clips_without_a_partner_are_recordings_of_their_own():
    recording, noises = white(0, 3), white(1, 4)
    clips = {
        "-6dB": stacked([recording[0] + noises[0], recording[1] + noises[1]]),
        "0dB": stacked([noises[2], recording[1] + noises[3], recording[2]]),
    }
    matching = same_recordings(clips)
    assert matching.recordings["-6dB"].tolist() == [0, 1]
    assert matching.recordings["0dB"].tolist() == [2, 1, 3]
    assert matching.found == 0.5
    assert matching.refused < matching.threshold < matching.accepted
    assert str(matching) == (
        "5 clips are 4 recordings: 50% of the possible pairs; "
        f"peaks from {matching.accepted:.1f} accepted, up to {matching.refused:.1f} refused, "
        f"threshold {matching.threshold:.1f} standard deviations"
    )


def test_snrs_may_be_one_or_none_or_empty():
    clips, empty = stacked(white(0, 2)), np.zeros((0, 7998), np.int8)
    assert same_recordings({}).recordings == {}
    for others in (
        {},
        {"0dB": empty},
        {"0dB": np.array([], np.int8)},
        {"0dB": empty, "6dB": empty},
    ):
        matching = same_recordings({"-6dB": clips, **others})
        assert matching.recordings["-6dB"].tolist() == [0, 1]
        assert all(matching.recordings[snr].tolist() == [] for snr in others)
        assert np.isnan([matching.accepted, matching.refused, matching.found]).all()


def test_clips_of_different_lengths_are_refused():
    clips = {"-6dB": stacked(white(0)), "0dB": stacked(white(0, samples=7000))}
    with pytest.raises(UserError, match=r"^clips at -6dB, 0dB differ in length"):
        same_recordings(clips)


@pytest.mark.parametrize("samples", [white(0), np.array([0.0, np.nan, 1.0])], ids=["2-D", "NaN"])
def test_other_than_one_channel_of_numbers_is_refused(samples):
    with pytest.raises(UserError, match=r"^phases are of one channel of finite samples"):
        phases(samples)
