"""The readings of gamma_ae's network on the public table of the real fans, and what it rests on."""

import runpy

import numpy as np
import pytest

from samples import ROOT

BANDS = 16
FANS = ("00", "02")


@pytest.fixture(scope="module")
def command():
    """The benchmark's functions by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")  # it imports another one
        return runpy.run_path(str(ROOT / "benchmarks/real_gamma_readings.py"))


@pytest.fixture(scope="module")
def folder(real_recordings):
    """The public table of the real fans, which is never committed."""
    folder = real_recordings / "fan_features"
    if not folder.is_dir():
        pytest.skip("needs the public table of log-mel statistics, ../shared/data/fan_features")
    return folder


@pytest.fixture(scope="module")
def made(command):
    """Clips of two fans that differ in every band; an anomaly differs in one, by less."""
    rng = np.random.default_rng(0)
    ids = np.repeat(FANS, 300)
    abnormal = np.tile(np.arange(300) >= 240, len(FANS))
    spectra = rng.normal(-8, 0.6, (len(FANS), BANDS))
    mean = spectra[np.searchsorted(FANS, ids)] + rng.normal(0, 0.03, (len(ids), BANDS))
    mean[abnormal, 3] += 0.4
    deviation = np.full_like(mean, 0.05)
    return command["Clips"](mean.astype("f4"), deviation.astype("f4"), ids, abnormal)


def test_an_error_over_frames_needs_means_and_deviations_alone(command):
    """What the row of the mean spectrum rests on, on frames that are at hand."""
    frames = np.random.default_rng(0).normal(-9, 0.3, (7, 50, BANDS))
    clips = command["Clips"](
        frames.mean(axis=1), frames.std(axis=1), np.repeat("00", 7), np.zeros(7, bool)
    )
    centre = frames[:4].mean(axis=(0, 1))
    expected = np.square(frames - centre).mean(axis=(1, 2))
    training, test = clips.take(np.arange(4)), clips.take(np.arange(4, 7))
    found = np.concatenate(command["mean_spectrum"](training, test, 0))
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("correlated", [False, True])
def test_drawn_frames_have_the_clips_means_and_deviations(command, made, correlated):
    few = made.take(np.arange(5))
    root = np.eye(command["FRAMES"] * BANDS, dtype=np.float32) + np.float32(0.05)
    root /= np.sqrt(np.square(root).sum(axis=1, keepdims=True))
    draw = command["correlated_frames"](root) if correlated else command["independent_frames"]
    frames = draw(few, 2000, np.random.default_rng(0))
    assert frames.dtype == np.float32
    assert frames.mean(axis=1) == pytest.approx(few.mean, abs=0.01)
    assert frames.std(axis=1) == pytest.approx(few.deviation, rel=0.05)
    blocks = (frames - few.mean[:, None]).reshape(-1, command["FRAMES"] * BANDS)
    found = np.corrcoef(blocks.T)
    expected = root @ root.T if correlated else np.eye(len(found))
    assert found == pytest.approx(expected, abs=0.06)


def test_the_root_gives_the_correlation_of_blocks(command):
    rng = np.random.default_rng(0)
    frames = rng.normal(size=(3, 5000, 4)) + rng.normal(size=(3, 5000, 1)) - 9
    root = command["correlation_root"](list(frames))
    found = root @ root.T
    expected = np.kron(np.eye(command["FRAMES"]), 0.5 * np.eye(4) + 0.5)
    assert found == pytest.approx(expected, abs=0.05)


def test_only_what_is_normalised_finds_anomalies_smaller_than_what_parts_the_fans(command, made):
    found = {}
    for system in ("ae", "ae_batchnorm", "ae_centred", "ae_standardised"):
        scorer = command["network"](command["options_of"](system), command["independent_frames"])
        runs = command["run"](scorer, made, 0, dict.fromkeys(FANS, 30))
        found[system] = min(runs[f"AUC {id}"] for id in FANS)
    nothing = found.pop("ae")
    assert nothing < 0.75
    assert min(found.values()) > 0.9


def test_an_interval_is_student_s_for_one_more_run(command):
    """Three runs: 4.303 deviations of one, times sqrt(4 / 3)."""
    found = command["spread"](np.array([0.4, 0.5, 0.6]))
    assert found.mean == pytest.approx(0.5)
    assert found.high == pytest.approx(0.5 + 4.3027 * 0.1 * np.sqrt(4 / 3), abs=1e-4)
    assert command["spread"](np.array([0.1, 0.5, 0.9]))[1:] == (0, 1)


@pytest.mark.parametrize(("text", "admitted"), [("0.65", True), ("0.650", False), ("0.644", True)])
def test_a_number_is_admitted_to_its_last_printed_digit(command, text, admitted):
    assert command["Spread"](0.6, 0.55, 0.646).admits(text) is admitted


def test_what_is_printed_is_taken_from_the_report(command):
    assert command["printed"]()["training FPR"] == "0.1086"
    assert set(command["printed"]()) == {
        *("TPR", "FPR", "training FPR", "AUC 00", "AUC 02", "AUC 04", "AUC 06")
    }


# On the public table.


def documented(name):
    """Return the cells of the row of a table that begins so."""
    lines = (ROOT / "docs/real-gamma.md").read_text().splitlines()
    rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return next(row for row in rows if row[: len(name)] == list(name))


def test_the_split_has_the_report_s_folds(command, folder):
    clips = command["all_clips"](folder)
    assert (len(clips.id), clips.abnormal.sum()) == (5550, 1475)
    training, test = command["split"](clips, 0, command["TEST_NORMAL"])
    assert not training.abnormal.any()
    assert len(training.id) == 3056  # .1086 of which are 332 clips
    assert (~test.abnormal).sum() == 510  # 64 alarms of which are .125
    assert test.abnormal.sum() == 1475


def test_the_document_holds_the_row_of_the_mean_spectrum(command, folder):
    found = command["several"](command["mean_spectrum"], folder)
    assert documented(["mean spectrum", "all"])[2:] == list(found.values())


def test_a_run_lies_where_the_document_says(command, folder):
    scorer = command["network"](command["options_of"]("ae_batchnorm"), command["mean_frames"])
    run = command["run"](scorer, command["all_clips"](folder), 99, command["TEST_NORMAL"])
    row = documented(["batch normalisation", "mean frame"])
    for name, cell in zip(command["printed"](), row[2:], strict=False):
        low, high = map(float, cell.split("[")[1].rstrip("]").split(", "))
        assert low - 0.03 < run[name] < high + 0.03, name
