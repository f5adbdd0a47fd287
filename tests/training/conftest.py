"""Stores of two units and two inputs, and a job that trains on them."""

import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.corpus.base import Unit
from mimii_bench.features.writing import build_store
from mimii_bench.splits.manifests import SplitRow, write_split
from mimii_bench.training.job import Computing, Files, TrainingJob
from samples import noise

UNITS = [Unit("fan", "0dB", "00"), Unit("fan", "0dB", "02")]
FEATURES = [{"class": "logmel.LogMel", "n_mels": bands} for bands in (4, 8)]


def clips(*roles):
    """Return a manifest of one normal and one abnormal clip of each unit."""
    names = [(unit, label) for unit in UNITS for label in ("normal", "abnormal")]
    return [
        SplitRow(f"{label}/00000000", *unit, label, role)
        for (unit, label), role in zip(names, roles, strict=True)
    ]


@pytest.fixture(scope="session")
def paths(tmp_path_factory):
    """Stores of two inputs (4 and 8 bands) of two units, in the order of the workflow."""
    folder = tmp_path_factory.mktemp("stores")
    for number, unit in enumerate(UNITS):
        for label in ("normal", "abnormal"):
            (folder / unit.path / label).mkdir(parents=True)
            samples = noise(number + 2 * (label == "normal"), samples=32_000, channels=1)[:, 0]
            file = folder / unit.path / label / "00000000.wav"
            write_float(file, (samples / 32768).astype("f4"), 16_000)
    found = []
    for feature in FEATURES:
        for unit in UNITS:
            found.append(str(folder / f"{feature['n_mels']}/{unit.path}.h5"))
            build_store(feature, folder / unit.path, found[-1])
    return found


@pytest.fixture
def job():
    """One of an autoencoder on the first input: two pools, one seed."""
    return TrainingJob(
        protocol="report",
        system="ae",
        path="fan/seed0",
        group="fan",
        class_name="dense_autoencoder.DenseAutoencoder",
        options={"hidden": [4, 2, 4], "context": 2, "epochs": 3, "batch_size": 64},
        roles=["train"],
        features=FEATURES[:1],
        pools={unit.path: [tuple(unit)] for unit in UNITS},
        numbers=[0],
        computing=Computing("cpu", 1),
        checkpoints=0,
    )


@pytest.fixture
def files(paths, tmp_path):
    """What it reads: a manifest per pool, and the stores of the first input."""
    splits = {}
    for unit in UNITS:
        splits[unit.path] = str(tmp_path / f"splits/{unit.path}.csv")
        own = [row for row in clips("train", "test", "train", "test") if row.unit == unit]
        write_split(own, splits[unit.path])
    return Files(splits, paths[:2])
