"""The headline numbers of docs/real-fans.md, on every real clip of the fans."""

import hashlib
import runpy

import numpy as np
import pytest

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.mimii import COUNTS
from samples import ROOT


@pytest.fixture(scope="module")
def folder(real_recordings):
    """The public table of the real fans, which is never committed."""
    folder = real_recordings / "fan_features"
    if not folder.is_dir():
        pytest.skip("needs the public table of log-mel statistics, ../shared/data/fan_features")
    return folder


@pytest.fixture(scope="module")
def real_fans():
    """The benchmark's functions by name."""
    return runpy.run_path(str(ROOT / "benchmarks/real_fans.py"))


@pytest.fixture(scope="module")
def fan_numbers():
    """The functions by name of the benchmark on the numbers of recordings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")  # it imports the other one
        return runpy.run_path(str(ROOT / "benchmarks/real_fan_numbers.py"))


@pytest.fixture(scope="module")
def back_ends():
    """The functions by name of the benchmark on back ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")  # it imports another one
        return runpy.run_path(str(ROOT / "benchmarks/real_fan_back_ends.py"))


@pytest.fixture(scope="module")
def document():
    """The text of docs/real-fans.md with single spaces."""
    return " ".join((ROOT / "docs/real-fans.md").read_text().split())


def documented_rows():
    """Return the cells of every table row of the document."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs/real-fans.md").read_text().splitlines()
        if line.startswith("|")
    ]


def test_the_split_is_the_baseline_s(real_fans, folder):
    training, test, labels = real_fans["read_vectors"](folder, Unit("fan", "0dB", "00"))
    normal, abnormal = COUNTS["fan", "00"]
    assert training.shape == (normal - abnormal, 64)
    assert test.shape == (2 * abnormal, 64)
    assert labels.sum() == abnormal
    table = real_fans["read_table"](folder, Unit("fan", "0dB", "00"))
    first = table.loc["normal/00000000"].filter(regex="^mean_").to_numpy(float)
    assert test[0] == pytest.approx(10 * first)


@pytest.mark.parametrize(
    ("snr", "id", "neighbours", "level"),
    [
        ("6dB", "00", 0.997, 0.672),
        ("0dB", "00", 0.857, 0.536),
        ("-6dB", "00", 0.679, 0.537),
        ("-6dB", "04", 0.807, 0.544),
    ],
)
def test_neighbours_and_level_have_the_documented_auc(
    real_fans, folder, snr, id, neighbours, level
):
    training, test, labels = real_fans["read_vectors"](folder, Unit("fan", snr, id))
    for detector, expected in (("neighbours", neighbours), ("level", level)):
        scores = real_fans[detector](training, test)
        assert real_fans["auc"](labels, scores) == pytest.approx(expected, abs=1e-3)


def test_the_document_holds_what_the_command_prints(real_fans, folder):
    row = real_fans["result_row"](folder, Unit("fan", "-6dB", "00"))
    printed = documented_rows()
    assert list(row) in printed
    assert list(row.values()) in printed


def test_the_document_holds_what_back_ends_find(back_ends, folder):
    row = back_ends["unit_row"](folder, Unit("fan", "0dB", "00"))
    printed = documented_rows()
    assert list(row) in printed
    assert list(row.values()) in printed


def test_an_error_over_frames_is_that_of_the_mean_frame_plus_the_variance(real_fans):
    """What the table of pooling rests on, on frames that are at hand."""
    frames = np.random.default_rng(0).normal(3, 2, (50, 4))
    training = np.random.default_rng(1).normal(0, 1, (20, 4))
    over_frames = np.square(frames - training.mean(axis=0)).mean()
    pooled = real_fans["off_centre"](training, frames.mean(axis=0)[None])
    assert pooled.item() + frames.var(axis=0).mean() == pytest.approx(over_frames)


def test_the_document_names_the_tables_by_their_digests(real_fans, folder, document):
    for unit in real_fans["units"]():
        path = real_fans["table_path"](folder, unit)
        assert f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.name}" in document


@pytest.mark.parametrize("script", ["real_fans", "fan_numbers"])
def test_a_folder_without_the_table_is_refused(request, script, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["script", str(tmp_path)])
    functions = request.getfixturevalue(script)
    with pytest.raises(SystemExit):
        functions["print_tables"](functions["TABLES"], "")
    assert f"no {tmp_path / '6dB_id_00.csv.gz'}: see Data in docs/" in capsys.readouterr().err


# Numbers of recordings.


def test_the_clips_of_the_table_are_numbered_without_a_gap(real_fans, folder):
    """So that the place of a clip is its number."""
    for unit in real_fans["units"]():
        normal, abnormal = COUNTS["fan", unit.id]
        names = [f"abnormal/{number:08d}" for number in range(abnormal)]
        names += [f"normal/{number:08d}" for number in range(normal)]
        assert real_fans["read_table"](folder, unit).index.tolist() == names


def test_the_document_holds_the_table_of_numbers(fan_numbers, folder):
    rows, printed = list(fan_numbers["numbers"](folder)), documented_rows()
    assert len(rows) == 6
    for cells in (rows[0], *map(dict.values, rows)):
        assert list(cells) in printed


def test_the_document_quotes_the_sums_by_length(fan_numbers, folder, document):
    sums = fan_numbers["by_length"](folder, "normal")
    best = sums.nlargest(3)
    even = fan_numbers["by_length"](folder, "normal", even=True).nlargest(2)
    assert list(best.index) == [112, 114, 98]
    assert even.index[0] == 112
    for quoted in (
        f"({best[112]:.1f} standard errors; 114 and 98 have {best[98]:.1f}, no interleaving",
        f"no interleaving {sums[0]:.1f}). Most",
        f"alone is {even[112]:.1f} for 112, {even.iloc[1]:.1f} for the next best",
    ):
        assert quoted in document


def test_the_document_quotes_the_lengths_for_abnormal_clips(fan_numbers, folder, document):
    sums = fan_numbers["by_length"](folder, "abnormal")
    best = sums.nlargest(8)
    assert (
        f"eight best are from {best.index.min()} to {best.index.max()} "
        f"({best.min():.1f} to {best.max():.1f}; no interleaving {sums[0]:.1f})"
    ) in document
    assert 112 not in fan_numbers["by_length"](folder, "abnormal", even=True).nlargest(8)


def test_the_document_quotes_the_sums_over_shifted_numbers(fan_numbers, folder, document):
    rows = list(fan_numbers["shifted"](folder))
    first = [row for row in rows if row["column"].startswith("0 and 6 dB")]
    others = [row for row in rows if row not in first]
    deviations = [float(row["deviation"]) for row in rows]
    largest = max(float(row["largest"]) for row in first)
    assert (
        f"deviation of {min(deviations):.1f} to {max(deviations):.1f} and do not exceed {largest} "
    ) in document
    deviations = [float(row["deviation"]) for row in others]
    largest = max(float(row["largest"]) for row in others)
    assert f"{min(deviations):.1f} to {max(deviations):.1f} and {largest} in the" in document


@pytest.mark.parametrize(("length", "clips"), [(0, 5), (2, 2), (6, 9), (112, 348)])
def test_interleaved_numbers_are_each_there_once(fan_numbers, length, clips):
    found = fan_numbers["interleaved"](clips, length)
    assert sorted(found) == list(range(clips))
    assert list(found[1:length:2]) == list(range(length // 2))
    assert list(found[:length:2]) == list(range(length // 2, length))
    assert list(found[length:]) == list(range(length, clips))


def test_recordings_are_found_among_interleaved_numbers(fan_numbers):
    """Forty of them, of what both versions have in common and as much noise."""
    rng = np.random.default_rng(0)
    clips = rng.normal(size=(200, 20))
    order = fan_numbers["interleaved"](len(clips), 40)
    versions = np.stack([clips[order], clips]) + rng.normal(size=(2, 200, 20))
    pairs = fan_numbers["similarity"](*versions)
    assert pairs.std() == pytest.approx(1)
    sums = {
        length: fan_numbers["Pairing"](lambda *_: pairs, length).similarities(None, ["00"], "")
        for length in range(0, 80, 2)
    }
    assert max(sums, key=lambda length: sums[length].sum()) == 40
    assert fan_numbers["standard_errors"](sums[40]) > 20
