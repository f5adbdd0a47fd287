"""What figures are drawn from: stores of a tone, trained systems on disk."""

import numpy as np
import pytest

from figures.parts import FEATURES, SYSTEMS, TONE_HZ, UNIT, fitted
from mimii_bench.audio.wav import write_float
from mimii_bench.features.store import FeatureStore
from mimii_bench.features.writing import build_store
from mimii_bench.splits.manifests import SplitRow, write_split
from mimii_bench.util.checksums import seal
from systems.sounds import save


def write_clips(folder, clips):
    """Write clips, samples by name, as the WAVs of a mix."""
    for name, samples in clips.items():
        path = folder / f"audio/{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_float(path, samples.astype(np.float32), 16_000)


@pytest.fixture(scope="package")
def stores(tmp_path_factory):
    """A store of every feature: clips that hold a tone from second 5 on, and the same louder."""
    folder = tmp_path_factory.mktemp("stores")
    time = np.arange(160_000) / 16_000
    tone = 0.01 * np.sin(2 * np.pi * TONE_HZ * time) * (time >= 5)
    write_clips(folder, {"normal/00000000": tone, "abnormal/00000000": 10 * tone})
    for name, description in FEATURES.items():
        build_store(description, folder / "audio", folder / f"{name}.h5")
    return folder


@pytest.fixture(scope="package", params=SYSTEMS)
def model_part(request, tmp_path_factory):
    """A trained system on disk, a store of one unit's clips, and a manifest."""
    folder = tmp_path_factory.mktemp(request.param)
    names = [f"{label}/{k:08d}" for label in ("abnormal", "normal") for k in range(3)]
    rng = np.random.default_rng(0)
    write_clips(folder, {name: rng.normal(0, 0.1, 160_000) for name in names})
    feature = {"class": "logmel.LogMel", "n_mels": 8}
    build_store(feature, folder / "audio", folder / "logmel.h5")
    roles = {"normal/00000000": "train"}
    rows = [SplitRow(n, *UNIT, n.split("/")[0], roles.get(n, "test")) for n in names]
    others = [SplitRow("normal/00000009", "slider", "-6dB", "02", "normal", "test")]
    write_split(others + rows, folder / "split.csv")
    with FeatureStore(folder / "logmel.h5") as store:
        system = fitted(request.param, store.read("normal/00000000")[None])
    weights, description = save(system, folder)
    seal(folder)
    return {
        "title": "slider 00",
        "class": SYSTEMS[request.param][0],
        "weights": str(weights),
        "description": str(description),
        "split": str(folder / "split.csv"),
        "stores": [str(folder / "logmel.h5")],
        "features": [feature],
        **UNIT._asdict(),
    }
