"""Reconstructions are those that are scored; models are read back with test clips."""

import numpy as np
import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.corpus.base import Unit
from mimii_bench.features.store import FeatureStore, build_store
from mimii_bench.figures.from_models import read
from mimii_bench.figures.reconstructions import GeneratedPieces, Reconstructions, overlap_mean
from mimii_bench.splits.manifests import SplitRow, write_split
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.variational_autoencoder import VariationalAutoencoder
from mimii_bench.util.errors import UserError
from systems.sounds import hums, save, scores_of, windows

UNIT = Unit("slider", "-6dB", "00")
FEATURE = {"class": "logmel.LogMel", "n_mels": 8}
SYSTEMS = {
    "ae": ("dense_autoencoder.DenseAutoencoder", DenseAutoencoder, {"hidden": [16, 4, 16]}),
    "vae": (
        "variational_autoencoder.VariationalAutoencoder",
        VariationalAutoencoder,
        {"hidden": [16], "latent": 3},
    ),
}


def fitted(name, frames):
    _, system_class, options = SYSTEMS[name]
    return system_class(**options, epochs=3, batch_size=32, seed=1).fit(frames)


@pytest.fixture(scope="module", params=SYSTEMS)
def part(request, tmp_path_factory):
    """A trained system on disk, two stores of one unit's clips, and a manifest."""
    folder = tmp_path_factory.mktemp(request.param)
    names = [f"{label}/{k:08d}" for label in ("abnormal", "normal") for k in range(3)]
    rng = np.random.default_rng(0)
    for name in names:
        path = folder / f"audio/{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_float(path, rng.normal(0, 0.1, 160_000).astype(np.float32), 16_000)
    build_store(FEATURE, folder / "audio", folder / "logmel.h5")
    roles = {"normal/00000000": "train"}
    rows = [SplitRow(n, *UNIT, n.split("/")[0], roles.get(n, "test")) for n in names]
    others = [SplitRow("normal/00000009", "slider", "-6dB", "02", "normal", "test")]
    write_split(others + rows, folder / "split.csv")
    with FeatureStore(folder / "logmel.h5") as store:
        system = fitted(request.param, store.read("normal/00000000")[None])
    weights, description = save(system, folder)
    return {
        "title": "slider 00",
        "class": SYSTEMS[request.param][0],
        "weights": str(weights),
        "description": str(description),
        "split": str(folder / "split.csv"),
        "stores": [str(folder / "logmel.h5")],
        "computed": [None],
        **UNIT._asdict(),
    }


def stored(part, clip):
    with FeatureStore(part["stores"][0]) as store:
        return store.read(clip)


def test_overlapping_windows_of_a_clip_give_back_the_clip():
    clip = np.random.default_rng(0).normal(size=(12, 3))
    np.testing.assert_allclose(overlap_mean(windows(clip).reshape(8, 5, 3)), clip)


def test_a_frame_is_the_mean_of_the_windows_it_stands_in():
    pieces = np.array([[[0.0], [10.0]], [[20.0], [30.0]]])
    np.testing.assert_allclose(overlap_mean(pieces)[:, 0], [0, 15, 30])


@pytest.mark.parametrize("name", SYSTEMS)
def test_the_reconstruction_is_the_one_that_is_scored(name):
    system = fitted(name, hums(4, pitch=8))
    clip = hums(1, pitch=5, seed=9)[0]
    found = system.reconstruct(clip)
    error = (found.reshape(len(found), -1) - windows(clip)) ** 2
    assert error.mean() == pytest.approx(scores_of(system, clip[None])[0], rel=1e-5)


def test_the_model_is_read_back_with_test_clips_of_its_unit_only(part):
    (trained,) = read([{**part, "clips": {"normal": 5, "abnormal": 2}}])
    clips = ["normal/00000001", "normal/00000002", "abnormal/00000000", "abnormal/00000001"]
    assert [row.clip for row in trained.rows] == clips
    assert trained.labels.tolist() == ["normal"] * 2 + ["abnormal"] * 2
    for (frames,), clip in zip(trained.clips(), clips, strict=True):
        np.testing.assert_array_equal(frames, stored(part, clip))


def test_a_system_that_learns_ids_is_told_them(part):
    (trained,) = read([part])
    trained.system.learns = "id"
    assert [id for _, id in trained.clips()] == ["00", "00"]


def test_original_and_reconstruction_stand_side_by_side_in_the_same_colours(part):
    (trained,) = read([part])
    figure = Reconstructions().draw([trained])
    left, right = (panel.images[0] for panel in figure.axes[:2])
    clip = stored(part, "normal/00000001")
    np.testing.assert_array_equal(left.get_array(), clip.T)
    np.testing.assert_allclose(right.get_array(), overlap_mean(trained.system.reconstruct(clip)).T)
    assert left.get_clim() == right.get_clim()
    assert figure.axes[0].get_title() == "normal clip, slider 00"
    assert figure.axes[2].get_title() == "abnormal clip, slider 00"


def test_pieces_of_the_prior_stand_below_real_ones_or_the_system_is_named(part):
    (trained,) = read([part])
    if "Variational" not in part["class"]:
        with pytest.raises(UserError, match="slider 00 generates nothing"):
            GeneratedPieces().draw([trained])
        return
    real, made = (
        panel.images[0].get_array() for panel in GeneratedPieces(pieces=4).draw([trained]).axes[:2]
    )
    # Four pieces of five frames, a blank one between two.
    assert real.shape == made.shape == (8, 23)
    blank = [5, 11, 17]
    for strip in (real, made):
        assert np.ma.getmaskarray(np.ma.masked_invalid(strip)).all(0).nonzero()[0].tolist() == blank
    frames = stored(part, "normal/00000001")
    np.testing.assert_array_equal(real[:, 6:11], frames[5:10].T)
    again = GeneratedPieces(pieces=4).draw([trained]).axes[1].images[0].get_array()
    np.testing.assert_array_equal(made, again)
    assert not np.array_equal(made[:, :5], made[:, 6:11])


def test_a_system_that_reconstructs_nothing_is_named(part):
    (trained,) = read([part])
    with pytest.raises(UserError, match="slider 00 reconstructs nothing"):
        Reconstructions().draw([trained._replace(system=object())])
