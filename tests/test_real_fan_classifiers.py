"""Classifiers that learn from labels on the public table of the real fans, or one made like it."""

import runpy

import numpy as np
import pandas as pd
import pytest

from mimii_bench.corpus.mimii import IDS
from samples import ROOT


@pytest.fixture(scope="module")
def benchmark():
    """The benchmark's functions by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")  # it imports another one
        return runpy.run_path(str(ROOT / "benchmarks/real_fan_classifiers.py"))


def write_tables(folder, shift, snrs=("6dB", "0dB", "-6dB"), normal=60, abnormal=30):
    """Tables like the public one; abnormal clips are louder, by `shift`, in every fourth band."""
    rng = np.random.default_rng(0)
    for snr in snrs:
        for id in IDS:
            labels = ["normal"] * normal + ["abnormal"] * abnormal
            names = [f"{k:08d}.wav" for count in (normal, abnormal) for k in range(count)]
            statistics = rng.normal(size=(len(labels), 128))
            statistics[normal:, :64:4] += shift
            columns = [f"{kind}_{band}" for kind in ("mean", "std") for band in range(64)]
            table = pd.DataFrame(statistics, columns=columns)
            table.insert(0, "label", labels)
            table.insert(1, "clip", names)
            table.to_csv(folder / f"{snr}_id_{id}.csv.gz", index=False)
    return folder


@pytest.mark.parametrize(("shift", "least", "most"), [(0.0, 0.3, 0.7), (1.5, 0.97, 1.0)])
@pytest.mark.parametrize("contiguous", [False, True])
def test_classifiers_find_what_is_there_and_nothing_else(
    benchmark, tmp_path, contiguous, shift, least, most
):
    folder = write_tables(tmp_path, shift, snrs=["-6dB"])
    tested = benchmark["split"](folder, "-6dB", contiguous, 0)["test"]
    assert (len(tested.rows), tested.labels.sum()) == (48 + 24, 24)
    for name in benchmark["CLASSIFIERS"]:
        found = benchmark["probabilities"](folder, name, "-6dB", contiguous)
        assert least <= benchmark["measure"](tested.labels, found, "auc") <= most


def test_numbers_are_those_of_the_clips_that_the_split_names(benchmark, tmp_path):
    folder = write_tables(tmp_path, 0.0, snrs=["-6dB"])
    for clips in benchmark["split"](folder, "-6dB", False, 1).values():
        for row, vector in list(zip(clips.rows, clips.vectors, strict=True))[::17]:
            table = pd.read_csv(folder / f"-6dB_id_{row.id}.csv.gz")
            label, name = row.clip.split("/")
            (own,) = table[(table["label"] == label) & (table["clip"] == f"{name}.wav")].to_numpy()
            np.testing.assert_allclose(vector, own[2:].astype(float))


def test_bands_of_one_fan_are_its_clips_and_these_means(benchmark, tmp_path):
    folder = write_tables(tmp_path, 0.0, snrs=["-6dB"])
    clips = benchmark["split"](folder, "-6dB", False, 0)["test"]
    some = benchmark["of_bands"](clips, "02", np.array([3, 7]))
    assert {row.id for row in some.rows} == {"02"}
    own = np.array([row.id == "02" for row in clips.rows])
    np.testing.assert_array_equal(some.vectors, clips.vectors[own][:, [3, 7]])


def test_the_printed_rows_are_the_report_s(benchmark):
    cnn, recurrent = benchmark["printed"]("-6dB")
    assert (cnn["auc"], cnn["recall"]) == ("0.850", "0.464")
    assert (recurrent["auc"], recurrent["recall"]) == ("0.867", "0.617")
    assert [row["auc"] for row in benchmark["printed"]("0dB")] == ["0.993"]


# On the real table.


@pytest.fixture(scope="module")
def folder(real_recordings):
    """The public table of the real fans, which is never committed."""
    folder = real_recordings / "fan_features"
    if not folder.is_dir():
        pytest.skip("needs the public table of log-mel statistics, ../shared/data/fan_features")
    return folder


def documented(fans, classifier):
    """Return the numbers of a row of docs/real-fans.md, without their intervals."""
    for line in (ROOT / "docs/real-fans.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[:2] == [fans, classifier]:
            return [float(cell.split()[0]) for cell in cells[2:]]
    raise AssertionError(f"no row of {classifier} at {fans}")


@pytest.mark.parametrize("name", ["logistic regression", "MLP, 64 units"])
def test_the_document_holds_what_the_command_prints(benchmark, folder, name):
    tested = benchmark["split"](folder, "-6dB", False, 0)["test"]
    assert (np.count_nonzero(~tested.labels), tested.labels.sum()) == (815, 295)
    found = benchmark["probabilities"](folder, name)
    numbers = [benchmark["measure"](tested.labels, found, m) for m in benchmark["METRICS"]]
    # Another processor rounds otherwise, and 200 epochs make that a clip or two.
    assert numbers == pytest.approx(documented("-6dB", name), abs=0.01)
