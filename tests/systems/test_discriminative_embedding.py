"""Discriminative embeddings: what they learn, how they score, saving, and what is refused."""

import copy

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from sklearn.metrics.pairwise import cosine_distances

from mimii_bench.systems.backends.clusters import k_means
from mimii_bench.systems.backends.oversampling import smote
from mimii_bench.systems.discriminative_embedding import DiscriminativeEmbedding
from mimii_bench.util.errors import UserError
from systems.sounds import as_clips, save

SMALL = {
    **{"channels": [4, 4, 8], "spectrum_channels": 8, "embedding": 8, "sub_clusters": 2},
    **{"epochs": 12, "batch_size": 16, "learning_rate": 0.003},
}
KINDS = ["means", "knn_cosine", "knn_cosine_density", "mahalanobis"]


def clips(ids, seed, length=12, bins=20, spectrum=400):
    """Magnitudes with a moving line and a spectrum with a peak whose places the id gives."""
    rng = np.random.default_rng(seed)
    frames, spectra = [], []
    for id in ids:
        place = {"00": 3, "02": 9, "04": 15}[id]
        one = np.abs(rng.normal(0, 0.3, (length, bins)))
        one[::2, place] += 2 + rng.normal(0, 0.2)
        frames.append(one)
        two = np.abs(rng.normal(0, 0.3, spectrum))
        two[20 * place : 20 * place + 5] += 3 + rng.normal(0, 0.2)
        spectra.append(two[None])
    return np.array(frames, np.float32), np.array(spectra, np.float32), np.array(ids)


TRAINING = clips(["00", "02", "04"] * 16, 0)
OTHERS = clips(["00", "02", "04"] * 3, 1)


def fitted(**options):
    return DiscriminativeEmbedding(**{**SMALL, **options}, seed=3).fit(*TRAINING)


@pytest.fixture(scope="module")
def usual():
    return fitted(back_ends=KINDS)


@pytest.mark.parametrize("head", ["adacos", "arcface", "softmax"])
@pytest.mark.parametrize("mixup", [0.0, 1.0])
def test_every_head_learns_to_tell_ids_apart(head, mixup):
    """A clip that is said to be of another id scores higher than as what it is."""
    system = fitted(head=head, mixup=mixup, scale=8.0, epochs=20)
    losses = [epoch.loss for epoch in system.history_]
    assert np.mean(losses[-3:]) < losses[0]
    *inputs, ids = OTHERS
    own = system.score(as_clips(*inputs, ids))["score"]
    others = system.score(as_clips(*inputs, np.roll(ids, 1)))["score"]
    assert np.mean(others > own) > 0.8


def test_every_back_end_has_a_kind_of_score(usual):
    scores = usual.score(as_clips(*OTHERS))
    assert list(scores) == KINDS
    assert all(one.shape == (9,) and np.isfinite(one).all() for one in scores.values())
    assert list(fitted(back_ends=["means"], epochs=1).score(as_clips(*OTHERS))) == ["score"]


def test_embeddings_have_length_1_and_need_no_ids(usual):
    found = usual.embed(as_clips(*OTHERS))
    assert found.shape == (9, 16)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(found, usual.embed(as_clips(*OTHERS[:2])))


def test_scores_are_distances_to_the_own_id_s_embeddings(usual):
    training, others = usual.embed(as_clips(*TRAINING)), usual.embed(as_clips(*OTHERS))
    scores = usual.score(as_clips(*OTHERS))
    for place, id in enumerate(OTHERS[2]):
        own = training[TRAINING[2] == id].astype(float)
        apart = cosine_distances(others[place : place + 1], own)
        assert scores["knn_cosine"][place] == pytest.approx(apart.min(), rel=1e-4)
        means = k_means(own / np.linalg.norm(own, axis=1, keepdims=True), 16, seed=3)
        apart = cosine_distances(others[place : place + 1], means)
        assert scores["means"][place] == pytest.approx(apart.min(), rel=1e-4)


def test_references_of_all_ids_may_serve_all(usual):
    system = fitted(back_ends=["knn_cosine"], references="all")
    training, others = system.embed(as_clips(*TRAINING)), system.embed(as_clips(*OTHERS))
    expected = cosine_distances(others, training).min(axis=1)
    found = system.score(as_clips(*OTHERS))["score"]
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-7)


def test_a_rare_id_gets_made_references():
    rare = clips(["00"] * 12 + ["02"] * 4, 5)
    options = {**SMALL, "back_ends": ["knn_cosine"], "references": "all", "epochs": 2}
    plain = DiscriminativeEmbedding(**options).fit(*rare)
    made = DiscriminativeEmbedding(**options, smote=2).fit(*rare)
    vectors = made.embed(as_clips(*rare)).astype(float)
    expected, groups = smote(vectors, rare[2], 2, made.seed)
    assert np.unique(groups, return_counts=True)[1].tolist() == [12, 12]
    (found,) = made.back_ends_["all"].values()
    np.testing.assert_allclose(found.references_, expected, atol=1e-6)
    assert len(next(iter(plain.back_ends_["all"].values())).references_) == 16


def test_the_same_seed_gives_the_same_bytes(usual, tmp_path):
    again = fitted(back_ends=KINDS)
    one, two = (save(system, tmp_path / name)[0] for system, name in made(usual, again, tmp_path))
    assert one.read_bytes() == two.read_bytes()
    other = DiscriminativeEmbedding(**SMALL, seed=4).fit(*TRAINING)
    assert (other.embed(as_clips(*OTHERS)) != usual.embed(as_clips(*OTHERS))).any()


def made(one, two, folder):
    for name in ("one", "two"):
        (folder / name).mkdir()
    return [(one, "one"), (two, "two")]


def test_a_saved_model_gives_the_same_scores(usual, tmp_path):
    loaded = DiscriminativeEmbedding.load(*save(usual, tmp_path))
    scores, again = (one.score(as_clips(*OTHERS)) for one in (usual, loaded))
    for kind in KINDS:
        np.testing.assert_array_equal(scores[kind], again[kind])
    assert loaded.ids == ["00", "02", "04"]


def test_conditions_make_more_classes_and_scores_stay_those_of_an_id(tmp_path):
    conditions = ["source" if place % 2 else "target/vel_6" for place in range(len(TRAINING[2]))]
    system = DiscriminativeEmbedding(**{**SMALL, "head": "softmax"}, seed=3)
    system.fit(*TRAINING, conditions=conditions)
    plain = fitted(head="softmax")
    head = {name: count for name, count in system.layers.items() if name.startswith("head")}
    assert sum(head.values()) == 2 * sum(plain.layers[name] for name in head)
    assert system.ids == plain.ids
    loaded = DiscriminativeEmbedding.load(*save(system, tmp_path))
    scores = system.score(as_clips(*OTHERS))["score"]
    np.testing.assert_array_equal(loaded.score(as_clips(*OTHERS))["score"], scores)


class Killed(BaseException):
    """What a training that is ended from outside does not catch."""


def test_killed_in_an_epoch_it_goes_on_to_the_same_weights(tmp_path, monkeypatch):
    """3 steps an epoch: the fifth is in the middle of the second. AdaCos keeps its scale."""
    whole, loss, calls = fitted(epochs=3), DiscriminativeEmbedding._loss, []

    def dies(system, *examples):
        calls.append(1)
        if len(calls) == 5:
            raise Killed
        return loss(system, *examples)

    monkeypatch.setattr(DiscriminativeEmbedding, "_loss", dies)
    interrupted, resumed = (
        DiscriminativeEmbedding(**{**SMALL, "epochs": 3}, seed=3) for _ in range(2)
    )
    interrupted.go_on_from(tmp_path / "kept", 0.0)
    with pytest.raises(Killed):
        interrupted.fit(*TRAINING)
    resumed.go_on_from(tmp_path / "kept", 0.0)
    resumed.fit(*TRAINING)
    assert len(calls) == 5 + 6
    expected, found = (load_file(save(system, tmp_path)[0]) for system in (whole, resumed))
    assert "head.scale" in expected
    for name, tensor in expected.items():
        assert torch.equal(tensor, found[name]), name


def test_validation_clips_watch_the_loss_and_do_not_train():
    options = {**SMALL, "epochs": 2}
    watched = DiscriminativeEmbedding(**options).fit(*TRAINING, validation=OTHERS)
    alone = DiscriminativeEmbedding(**options).fit(*TRAINING)
    assert all(np.isfinite(epoch.validation_loss) for epoch in watched.history_)
    found, expected = (one.embed(as_clips(*OTHERS)) for one in (watched, alone))
    np.testing.assert_array_equal(found, expected)


def test_channels_innermost_change_nothing_but_rounding(usual):
    expected = usual.embed(as_clips(*OTHERS))
    again = fitted(back_ends=["knn"], epochs=1)
    assert again.network.branches.spectrogram.stem[0].weight.is_contiguous(
        memory_format=torch.channels_last
    )
    plain = copy.deepcopy(usual)
    plain.network.branches.to(memory_format=torch.contiguous_format)
    np.testing.assert_allclose(plain.embed(as_clips(*OTHERS)), expected, rtol=1e-3, atol=1e-5)


def test_what_was_learned_is_counted_layer_by_layer(usual):
    assert sum(usual.layers.values()) == usual.parameters
    learned = fitted(learned_centres=True, epochs=1)
    assert learned.parameters == usual.parameters + 3 * 2 * 16


def test_the_network_s_size_is_an_option():
    sizes = [
        DiscriminativeEmbedding(**{**SMALL, "epochs": 1, **more}).fit(*TRAINING).parameters
        for more in ({}, {"channels": [4, 4, 8, 8]}, {"spectrum_channels": 9}, {"embedding": 9})
    ]
    assert len(set(sizes)) == 4


@pytest.mark.parametrize(
    ("training", "said"),
    [
        (clips(["00"] * 4, 0), r"only one id \(00\)"),
        ((TRAINING[0] + 0j, *TRAINING[1:]), "takes magnitudes of frames"),
        ((TRAINING[0], TRAINING[0], TRAINING[2]), "takes magnitudes of frames"),
        (clips(["00", "00", "02"], 0), r"back end score cannot fit 1 clips of 02"),
    ],
)
def test_what_cannot_be_learned_is_said(training, said):
    with pytest.raises(UserError, match=said):
        DiscriminativeEmbedding(**{**SMALL, "epochs": 1}).fit(*training)


def test_an_id_that_it_was_not_trained_on_is_refused(usual):
    with pytest.raises(UserError, match=r"^id 06 is not one of those trained on \(00, 02, 04\)"):
        usual.score([(OTHERS[0][0], OTHERS[1][0], "06")])
    validation = (*OTHERS[:2], np.array(["06"] * 9))
    with pytest.raises(UserError, match=r"^id 06 is not"):
        DiscriminativeEmbedding(**SMALL).fit(*TRAINING, validation=validation)


def test_memory_grows_with_what_a_batch_holds():
    shapes = [(313, 513), (1, 80_001)]
    few, many, wide = (
        DiscriminativeEmbedding.working_memory(options, shapes)
        for options in (
            {"batch_size": 8},
            {"batch_size": 64},
            {"batch_size": 64, "channels": [64, 64]},
        )
    )
    assert DiscriminativeEmbedding.working_mb < few < many < wide


def test_torch_s_own_generator_is_left_alone(usual):
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    fitted(epochs=1)
    assert torch.rand(1) == expected
