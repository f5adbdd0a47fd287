"""Rows of the leaderboard on a folder of few clips, made up or genuine."""

import runpy

import numpy as np
import pytest
import soundfile

from samples import ROOT


@pytest.fixture(scope="module")
def benchmark():
    """The benchmark's functions by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")  # it imports another one
        return runpy.run_path(str(ROOT / "benchmarks/real_excerpts.py"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Noise of eight channels; in abnormal clips of id 00 it is low-pitched, in those of 02 not."""
    folder = tmp_path_factory.mktemp("excerpts")
    rng = np.random.default_rng(0)
    for unit in ("-6dB/fan/id_00", "-6dB/fan/id_02", "0dB/fan/id_00"):
        for label, count in (("normal", 4), ("abnormal", 2)):
            (folder / unit / label).mkdir(parents=True)
            for number in range(count):
                clip = rng.normal(0, 0.1, (16_000, 8))
                if label == "abnormal" and unit.endswith("00"):
                    clip = np.cumsum(clip, axis=0) / 50
                path = folder / unit / label / f"{number:08d}.flac"
                soundfile.write(path, np.clip(clip, -1, 1), 16_000, subtype="PCM_16")
    return folder


def test_every_normal_clip_meets_every_abnormal_one(benchmark, folder):
    system = benchmark["ranked"]()["knn_mean"]
    won = benchmark["outranked"]([folder / "-6dB/fan/id_00"], system, steps=1)
    assert won[0]["score"].tolist() == [[1.0, 1.0]] * 4


def test_a_row_has_the_mean_over_units(benchmark, folder):
    rows = list(benchmark["rows"](folder, ["knn_mean", "pooled_magnitudes"], 1))
    assert [row["row"] for row in rows] == [
        "knn_mean",
        "pooled_magnitudes:knn_cosine",
        "pooled_magnitudes:knn_cosine_density",
    ]
    unit = folder / "-6dB/fan/id_02"
    system = benchmark["ranked"]()["knn_mean"]
    other = benchmark["outranked"]([unit], system, steps=1)[0]["score"].mean()
    assert rows[0]["16 units, -6 dB"].startswith(f"{(1 + other) / 2:.3f} [")
    assert rows[0]["fan 00, 0 dB"] == "1.000 [1.000, 1.000]"


def test_networks_stop_after_the_steps_that_are_told(benchmark):
    options = benchmark["options"](benchmark["ranked"]()["baseline_ae"], 7)
    assert options["max_steps"] == 7
    embedding = benchmark["options"](benchmark["ranked"]()["embedding_adacos"], 20)
    assert (embedding["max_steps"], embedding["batch_size"]) == (2, 8)


def test_the_document_holds_what_the_command_prints(benchmark, real_recordings):
    if not (real_recordings / "mimii").is_dir():
        pytest.skip("needs the genuine excerpts, ../shared/data/mimii")
    row = next(benchmark["rows"](real_recordings / "mimii", ["pooled_ranked"], 1))
    lines = (ROOT / "docs/real-excerpts.md").read_text().splitlines()
    printed = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert list(row) in printed
    assert list(row.values()) in printed
