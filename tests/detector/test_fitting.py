"""From folders to detectors: thresholds, what was measured, and what is refused."""

import numpy as np
import pytest

from detector.sounds import fitted, hum, hums, write
from mimii_bench.detector.files import load_detector, save_detector
from mimii_bench.detector.scoring import Judge
from mimii_bench.evaluation.thresholds import GammaThreshold, QuantileThreshold
from mimii_bench.util.errors import UserError


def test_what_is_measured_is_of_recordings_that_did_not_train(recordings):
    detector, learned, _ = fitted(recordings)
    facts, trial = detector.facts, detector.facts.trial
    assert (trial.normal, trial.abnormal, trial.folds, trial.held_out) == (8, 4, 5, "recordings")
    normal = [one for one in learned if one.label == "normal"]
    assert sorted({one.fold for one in normal}) == ["0", "1", "2", "3", "4"]
    scores = np.array([one.score for one in normal])
    # A training clip has a neighbour at distance 0; of three, one that was held out has none.
    alone = [Judge(detector).file(recordings / one.recording).score for one in normal]
    assert (scores > alone).all()
    assert detector.threshold == pytest.approx(GammaThreshold(p=0.05).fit(scores).threshold_, 1e-4)
    assert trial.false_alarms == np.count_nonzero(scores > detector.threshold)
    assert trial.auc == 1.0
    assert 0.5 < trial.auc_low < 1.0 == trial.auc_high
    assert trial.detected == 4
    assert (facts.training.normal, facts.training.abnormal, facts.training.windows) == (8, 0, 8)


def test_the_same_recordings_and_seed_give_the_same_files(recordings, tmp_path):
    for name in ("one", "other"):
        detector, learned, _ = fitted(recordings, seed=3)
        save_detector(detector, learned, tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == 6
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_a_rule_that_is_named_is_kept(recordings):
    detector, learned, _ = fitted(recordings, rule="quantile", false_alarm_rate=0.25)
    scores = np.array([one.score for one in learned if one.label == "normal"])
    assert detector.facts.rule.name == "quantile"
    expected = QuantileThreshold(p=0.25).fit(scores).threshold_
    assert detector.threshold == pytest.approx(expected, 1e-5)


def test_scores_that_gamma_cannot_have_get_a_quantile_and_it_is_said(tmp_path):
    recordings = hums(tmp_path, 30, seconds=1.0)
    detector, _, said = fitted(recordings, system="one_class_svm")
    assert detector.facts.rule.name == "quantile"
    assert any("not above 0" in line for line in said)
    with pytest.raises(UserError, match="--threshold quantile"):
        fitted(recordings, system="one_class_svm", rule="gamma")


@pytest.mark.parametrize(
    ("how", "asked", "rate", "window"),
    [
        ({}, {}, 16_000, 64_000),
        ({"seconds": 12.0}, {}, 16_000, 160_000),
        ({}, {"window": 2.0}, 16_000, 32_000),
        ({"rate": 44_100}, {}, 16_000, 64_000),
        ({"rate": 8000}, {"rate": 8000}, 8000, 32_000),
        ({"rate": 8000}, {"rate": None}, 8000, 32_000),
    ],
)
def test_rate_and_window_are_chosen_by_rule(tmp_path, how, asked, rate, window):
    detector, _, said = fitted(hums(tmp_path, 4, **how), **asked)
    assert (detector.front_end.sample_rate, detector.facts.window) == (rate, window)
    assert any("resampled from 44100" in line for line in said) == (how == {"rate": 44_100})


def test_forty_normal_recordings_alone_are_enough(tmp_path):
    detector, learned, _ = fitted(hums(tmp_path, 40, seconds=1.0))
    assert detector.facts.trial.auc is None
    assert len(learned) == 40


def test_three_recordings_are_enough_and_two_are_not(tmp_path):
    hums(tmp_path / "three", 3)
    assert fitted(tmp_path / "three")[0].facts.trial.normal == 3
    hums(tmp_path / "two", 2)
    with pytest.raises(UserError, match=r"2 normal recording.* too few to hold one out"):
        fitted(tmp_path / "two")


def test_of_one_long_recording_stretches_are_held_out(tmp_path):
    write(tmp_path / "long.wav", hum(0, seconds=40.0))
    detector, learned, _ = fitted(tmp_path, window=2.0)
    assert detector.facts.trial.held_out == "stretches"
    assert [one.recording for one in learned][:2] == [
        "long.wav (stretch 1)",
        "long.wav (stretch 2)",
    ]
    assert detector.facts.training.normal == 1
    assert detector.facts.training.windows == 20


def test_windows_of_one_recording_are_held_out_together(tmp_path):
    hums(tmp_path, 4, seconds=6.0)
    detector, learned, _ = fitted(tmp_path, window=2.0)
    assert detector.facts.training.windows == 12
    assert detector.facts.windows[0].scores == 12
    assert len(learned) == 4


def test_a_copy_is_not_used_and_said(tmp_path):
    hums(tmp_path, 4)
    write(tmp_path / "again.flac", hum(0))
    write(tmp_path / "first.flac", np.round(hum(0) * 32768).astype(np.int16))
    (tmp_path / "copy.wav").write_bytes((tmp_path / "00.wav").read_bytes())
    _, learned, said = fitted(tmp_path)
    assert len(learned) < 7
    assert "copy.wav: copy of 00.wav, not used" in said


def test_a_supervised_system_learns_from_both_and_holds_both_out(tmp_path):
    hums(tmp_path, 4, 3, seconds=2.0)
    detector, learned, _ = fitted(tmp_path, system="ims_cnn", options={"epochs": 1})
    assert detector.facts.training.abnormal == 3
    assert detector.facts.trial.folds == 3
    assert all(one.fold for one in learned)


def _two_rates(folder):
    write(folder / "slow.wav", hum(9, rate=8000), 8000)


def _two_channel_counts(folder):
    write(folder / "wide.wav", hum(9, channels=2))


def _silent(folder):
    write(folder / "silent.wav", hum(9) * 0)


def _text(folder):
    (folder / "text.wav").write_text("hello")


def _empty(folder):
    (folder / "empty.wav").write_bytes(b"")


def _short(folder):
    write(folder / "short.wav", hum(9, seconds=0.05))


def _nan(folder):
    samples = hum(9)
    samples[5] = np.nan
    write(folder / "nan.wav", samples, subtype="FLOAT")


@pytest.mark.parametrize(
    ("spoil", "asked", "reason"),
    [
        (_two_rates, {}, r"slow\.wav: sampled at 8000 Hz, below 16000 Hz; write --rate 8000"),
        (_two_rates, {"rate": None}, "--rate native: the recordings have several rates"),
        (_two_channel_counts, {}, r"wide\.wav: 2 channel\(s\), and .* has 1"),
        (_silent, {}, r"silent\.wav: silent; look at the microphone"),
        (_text, {}, r"text\.wav: not a readable recording"),
        (_empty, {}, r"empty\.wav: empty file"),
        (_short, {}, r"short\.wav: lasts 0\.05 s, below"),
        (_nan, {}, r"nan\.wav: some samples are no numbers"),
        (None, {"window": 5.0}, r"lasts 4 s, below 5 s; leave it out, or write --window 4"),
        (None, {"mixes": ["ch1"]}, "the mix ch1 needs 2 channels, .* have 1; .* --mix"),
        (None, {"mixes": ["ch0", "ch1"]}, "--mix: knn_mean has 1 inputs"),
        (None, {"mixes": ["left"]}, "mix 'left'"),
        (None, {"kind": "mse"}, "there is no score 'mse'; --kind takes score"),
        (None, {"options": {"epochs": 3}}, r"--option\.epochs: .* has no such option"),
        (None, {"system": "ims_cnn"}, "is supervised and needs abnormal recordings"),
        (None, {"system": "two_mics_0_4"}, "the mix ch0-ch4 needs 5 channels"),
        (None, {"system": "id_magnitude_deep"}, "learns to tell several machines"),
    ],
)
def test_what_is_refused_is_told_in_one_line(tmp_path, spoil, asked, reason):
    hums(tmp_path, 3)
    if spoil:
        spoil(tmp_path)
    with pytest.raises(UserError, match=reason) as caught:
        fitted(tmp_path, **asked)
    assert "\n" not in str(caught.value)


def test_one_recording_under_both_labels_is_refused(tmp_path):
    hums(tmp_path, 3, 1)
    data = (tmp_path / "normal/00.wav").read_bytes()
    (tmp_path / "abnormal/it.wav").write_bytes(data)
    with pytest.raises(UserError, match=r"has the same samples as .* under another label"):
        fitted(tmp_path)


def test_a_clipped_recording_is_used_and_named(tmp_path):
    hums(tmp_path, 3)
    write(tmp_path / "loud.wav", np.clip(hum(9) * 100, -1, 1))
    _, learned, said = fitted(tmp_path)
    assert any(line.startswith("loud.wav: ") and "clipped, used" in line for line in said)
    assert [bool(one.remark) for one in learned] == [False, False, False, True]


def test_a_network_is_saved_and_scores_as_before(recordings, tmp_path):
    detector, learned, _ = fitted(
        recordings, system="dcase_ae", options={"epochs": 1, "ridge": 1e-6}, folds=2
    )
    assert detector.kind == "mse"
    save_detector(detector, learned, tmp_path / "model")
    loaded = load_detector(tmp_path / "model")
    path = recordings / "normal/00.wav"
    assert Judge(loaded).file(path) == Judge(detector).file(path)
