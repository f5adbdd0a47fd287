"""The benchmark of report complex-net's attention: what it reads, trains and tells."""

import runpy

import numpy as np
import pytest
import soundfile

from mimii_bench.evaluation.scores import write_scores
from mimii_bench.splits.manifests import SplitRow
from samples import ROOT, noise


@pytest.fixture(scope="module")
def script():
    """The script's functions by name."""
    return runpy.run_path(str(ROOT / "benchmarks/attention_weights.py"))


def test_every_training_is_a_line_of_its_test_clips(script, tmp_path):
    rows = [
        SplitRow(f"{label}/{k}", "fan", "-6dB", "00", label, role)
        for label, role in (("normal", "train"), ("normal", "test"), ("abnormal", "test"))
        for k in range(4)
    ]
    rows = [row._replace(clip=f"{row.clip}{row.role}") for row in rows]
    for seed in range(2):
        shares = np.array([0.9] * 4 + [0.2, 0.4, 0.6, 0.4 + seed] + [0.7] * 4)
        (tmp_path / f"fan/seed{seed}").mkdir(parents=True)
        write_scores(rows, shares, tmp_path / f"fan/seed{seed}/attention_complex.csv")
    first, second = script["of_scores"](tmp_path).to_dict("records")
    assert (first["training"], second["training"]) == ("fan/seed0", "fan/seed1")
    assert first["normal clips"] == first["abnormal clips"] == "4"
    assert (first["normal: mean"], first["normal: above .5"]) == ("0.400", "0.25")
    assert (second["normal: mean"], second["normal: above .5"]) == ("0.650", "0.50")
    assert (first["abnormal: mean"], first["abnormal: deviation"]) == ("0.700", "0.000")


def test_recordings_are_trained_on_and_every_seed_is_told(script, tmp_path):
    for id in ("00", "02"):
        for label in ("normal", "abnormal"):
            folder = tmp_path / f"valve/id_{id}/{label}"
            folder.mkdir(parents=True)
            for k in range(2):
                samples = noise(seed=k, samples=64 * 512, channels=2)
                soundfile.write(folder / f"{k:08d}.flac", samples, 16_000)
    (line,) = script["of_recordings"](tmp_path, 2, 1).to_dict("records")
    assert (line["machine"], line["normal clips"], line["abnormal clips"]) == ("valve", "4", "4")
    for label in ("normal", "abnormal"):
        shares = [float(share) for share in line[label].split(", ")]
        assert len(set(shares)) == 2
        assert all(0 < share < 1 for share in shares)
