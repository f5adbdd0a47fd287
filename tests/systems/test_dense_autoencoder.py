"""The dense autoencoder: its structure, its determinism, and that it learns."""

import json

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.networks import dense
from mimii_bench.util.errors import UserError
from samples import printed_by
from systems.sounds import STILL, hums, save, scores_of

SMALL = {"hidden": [16, 4, 16], "epochs": 3, "batch_size": 64}


@pytest.fixture(scope="module")
def fitted():
    return DenseAutoencoder(**SMALL, seed=1).fit(hums(20, 10))


def test_its_layers_have_the_counts_of_the_eurecom_report(tmp_path):
    frames = np.zeros((1, 10, 64), np.float32)
    weights, _ = save(DenseAutoencoder(epochs=1, batch_size=8).fit(frames), tmp_path)
    tensors = load_file(weights)
    layers = [tensors[f"{k}.weight"].size + tensors[f"{k}.bias"].size for k in range(0, 12, 2)]
    assert layers == [20_544, 4_160, 520, 576, 4_160, 20_800]


def test_the_baseline_has_the_published_number_of_parameters():
    frames = np.zeros((1, 10, 64), np.float32)
    assert DenseAutoencoder(epochs=1, batch_size=512).fit(frames).parameters == 50_760


def test_scores_are_those_of_a_plain_numpy_forward_pass(fitted, tmp_path):
    weights, _ = save(fitted, tmp_path)
    tensors = load_file(weights)
    layers = sorted({int(name.split(".")[0]) for name in tensors})
    assert layers == [0, 2, 4, 6]
    for clip, score in zip(hums(3, 7), scores_of(fitted, hums(3, 7)), strict=True):
        windows = np.array([clip[t : t + 5].ravel() for t in range(len(clip) - 4)], float)
        x = windows
        for layer in layers:
            x = x @ tensors[f"{layer}.weight"].T.astype(float) + tensors[f"{layer}.bias"]
            x = x if layer == layers[-1] else np.maximum(x, 0)
        assert score == pytest.approx(((x - windows) ** 2).mean(), rel=1e-5)


def test_the_same_seed_gives_the_same_scores_to_the_bit(fitted):
    clips = hums(5, 7)
    again = DenseAutoencoder(**SMALL, seed=1).fit(hums(20, 10))
    np.testing.assert_array_equal(scores_of(again, clips), scores_of(fitted, clips))
    assert again.history_ == fitted.history_


def test_another_seed_gives_other_scores(fitted):
    clips = hums(5, 7)
    other = DenseAutoencoder(**SMALL, seed=2).fit(hums(20, 10))
    assert (scores_of(other, clips) != scores_of(fitted, clips)).all()


def test_the_seed_orders_the_batches_as_well(monkeypatch):
    """With the same initial weights, only the order is left to differ."""
    build = dense.dense_network
    monkeypatch.setattr(
        dense, "dense_network", lambda n, hidden, _, **rest: build(n, hidden, fresh(), **rest)
    )
    first, other = (DenseAutoencoder(**SMALL, seed=seed).fit(hums(20, 10)) for seed in (1, 2))
    assert first.history_ != other.history_


def fresh():
    return torch.Generator().manual_seed(0)


def test_a_saved_model_gives_the_same_scores(fitted, tmp_path):
    clips = hums(5, 7)
    loaded = DenseAutoencoder.load(*save(fitted, tmp_path))
    np.testing.assert_array_equal(scores_of(loaded, clips), scores_of(fitted, clips))
    assert (loaded.options, loaded.seed) == (fitted.options, fitted.seed)


def test_a_saved_model_describes_itself(fitted, tmp_path):
    _, description = save(fitted, tmp_path)
    facts = json.loads(description.read_text())
    assert facts["system"] == "DenseAutoencoder"
    assert facts["inputs"] == 40
    assert facts["parameters"] == fitted.parameters
    assert facts["options"]["hidden"] == [16, 4, 16]
    assert facts["seed"] == 1
    assert facts["device"] == "cpu"


def test_a_model_says_on_which_gpu_it_was_trained(fitted, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "NVIDIA H200")
    monkeypatch.setattr(fitted, "device", torch.device("cuda"))
    _, description = save(fitted, tmp_path)
    assert json.loads(description.read_text())["device"] == "cuda: NVIDIA H200"


def test_a_damaged_model_is_named(fitted, tmp_path):
    weights, description = save(fitted, tmp_path)
    weights.write_bytes(weights.read_bytes()[:-10])
    with pytest.raises(UserError, match=f"^{weights}: damaged model"):
        DenseAutoencoder.load(weights, description)


def test_a_nan_in_the_training_clips_ends_the_training():
    frames = hums(5, 10)
    frames[0, 3, 2] = np.nan
    with pytest.raises(UserError, match="the loss became nan in epoch 1"):
        DenseAutoencoder(**SMALL).fit(frames)


def test_it_learns_and_ranks_a_different_sound_higher():
    system = DenseAutoencoder(hidden=[16, 4, 16], epochs=30, batch_size=64, learning_rate=0.005)
    system.fit(hums(40, 10))
    losses = [epoch.loss for epoch in system.history_]
    assert losses[-1] < losses[0] / 3
    normal = scores_of(system, hums(20, 10, seed=1))
    abnormal = scores_of(system, hums(20, 7, seed=2))
    assert normal.max() < abnormal.min()


def test_initial_weights_are_glorot_uniform_with_zero_bias(tmp_path):
    system = DenseAutoencoder(epochs=1, learning_rate=STILL, batch_size=8).fit(
        np.zeros((1, 10, 64), np.float32)
    )
    weights, _ = save(system, tmp_path)
    tensors = load_file(weights)
    for name, tensor in tensors.items():
        if name.endswith("bias"):
            assert not tensor.any()
        else:
            bound = np.sqrt(6 / sum(tensor.shape))
            assert 0.95 * bound < np.abs(tensor).max() <= bound
            assert tensor.std() == pytest.approx(bound / np.sqrt(3), rel=0.1)


def test_the_last_tenth_of_the_windows_is_held_out():
    """Ten clips of ten windows: the last clip neither trains nor is left out of the watch."""
    tenth = SMALL | {"validation_fraction": 0.1}
    frames = hums(10, 10, length=14)
    louder = frames.copy()
    louder[9] *= 3
    plain, changed = (DenseAutoencoder(**tenth).fit(data) for data in (frames, louder))
    assert [e.loss for e in plain.history_] == [e.loss for e in changed.history_]
    for before, after in zip(plain.history_, changed.history_, strict=True):
        assert after.validation_loss > 3 * before.validation_loss
    louder[8, -1] *= 3
    assert DenseAutoencoder(**tenth).fit(louder).history_[0].loss != plain.history_[0].loss


def test_windows_held_out_at_random_leave_every_clip_to_train():
    """A tenth of ten windows a clip: whichever clip changes, training does."""
    tenth = SMALL | {"validation_fraction": 0.1, "held_out": "random", "epochs": 1}
    frames = hums(10, 10, length=14)
    plain, again = (DenseAutoencoder(**tenth).fit(frames).history_ for _ in range(2))
    assert plain == again
    for clip in range(10):
        louder = frames.copy()
        louder[clip] *= 3
        assert DenseAutoencoder(**tenth).fit(louder).history_[0].loss != plain[0].loss
    last = DenseAutoencoder(**{**tenth, "held_out": "last"}).fit(frames).history_
    assert (
        DenseAutoencoder(**SMALL | {"validation_fraction": 0.1, "epochs": 1}).fit(frames).history_
        == last
        != plain
    )


def test_all_windows_train_where_nothing_is_held_out():
    system = DenseAutoencoder(**SMALL).fit(hums(3, 10))
    assert all(np.isnan(epoch.validation_loss) for epoch in system.history_)
    assert all(np.isfinite(epoch.loss) for epoch in system.history_)


def test_clips_given_to_watch_are_watched_instead():
    frames, watched = hums(10, 10), hums(4, 7)
    system = DenseAutoencoder(**SMALL, validation_fraction=0.5).fit(frames, validation=(watched,))
    alone = DenseAutoencoder(**SMALL).fit(frames)
    assert [e.loss for e in system.history_] == [e.loss for e in alone.history_]
    expected = scores_of(system, watched).mean()
    assert system.history_[-1].validation_loss == pytest.approx(expected, rel=1e-6)


def test_half_the_sum_of_squares_is_what_matlab_minimises():
    plain, half = (
        DenseAutoencoder(**SMALL | {"epochs": 1, "learning_rate": STILL}, loss=loss).fit(
            hums(9, 10)
        )
        for loss in ("mse", "half_sum")
    )
    assert half.history_[0].loss == pytest.approx(plain.history_[0].loss * 40 / 2)


# Readings of a network whose activation and normalisation are not printed (report gamma-ae).

READINGS = {
    "batch norm": {"batch_norm": True},
    "centred": {"scaling": "centred"},
    "centred inputs": {"scaling": "centred", "scale_targets": False},
    "standardised": {"scaling": "standardised"},
    "standardised inputs": {"scaling": "standardised", "scale_targets": False},
}


def distant(clips, pitch, **options):
    """Hums as log-mel bands are: far below 0, and some with more spread than others."""
    spread = np.linspace(0.5, 2, 8, dtype=np.float32)
    return hums(clips, pitch, **options) * spread - np.arange(7, 15, dtype=np.float32)


@pytest.fixture(scope="module", params=READINGS.values(), ids=READINGS)
def read(request):
    return DenseAutoencoder(**SMALL, **request.param, seed=1).fit(distant(20, 10))


def in_numpy(system, tensors, clip):
    """The score of a clip by a plain forward pass, after the description of the options."""
    options = system.options
    views = np.array([clip[t : t + 5].ravel() for t in range(len(clip) - 4)], float)
    bins = distant(20, 10).reshape(-1, 8).astype(float)
    mean, deviation = (np.tile(moment, 5) for moment in (bins.mean(0), bins.std(0)))
    if options.scaling == "none":
        mean = 0
    if options.scaling != "standardised":
        deviation = 1
    scaled = (views - mean) / deviation
    target = scaled if options.scale_targets else views
    linear = [n.removesuffix(".weight") for n in tensors if tensors[n].ndim == 2]
    x = scaled
    for layer in sorted(linear, key=int):
        x = x @ tensors[f"{layer}.weight"].T.astype(float) + tensors[f"{layer}.bias"]
        after = str(int(layer) + 1)
        if f"{after}.running_mean" in tensors:
            norm = {name: tensors[f"{after}.{name}"].astype(float) for name in NORMALISATION}
            x = (x - norm["running_mean"]) / np.sqrt(norm["running_var"] + 1e-5)
            x = x * norm["weight"] + norm["bias"]
        x = x if layer == max(linear, key=int) else np.maximum(x, 0)
    return ((x - target) ** 2).mean()


NORMALISATION = ("running_mean", "running_var", "weight", "bias")


def test_every_reading_scores_as_its_options_say(read, tmp_path):
    weights, _ = save(read, tmp_path)
    tensors = load_file(weights)
    clips = distant(3, 7)
    expected = [in_numpy(read, tensors, clip) for clip in clips]
    assert scores_of(read, clips) == pytest.approx(expected, rel=1e-4)


def test_every_reading_is_saved_whole(read, tmp_path):
    clips = distant(3, 7)
    loaded = DenseAutoencoder.load(*save(read, tmp_path))
    np.testing.assert_array_equal(scores_of(loaded, clips), scores_of(read, clips))
    np.testing.assert_array_equal(loaded.reconstruct(clips[0]), read.reconstruct(clips[0]))


def test_every_reading_reconstructs_bins_as_they_came(read):
    clip = distant(1, 10)[0]
    found = read.reconstruct(clip)
    views = np.array([clip[t : t + 5] for t in range(len(clip) - 4)])
    score = scores_of(read, clip[None]).item()
    deviation = distant(20, 10).reshape(-1, 8).std(0)
    scaled = read.options.scaling == "standardised" and read.options.scale_targets
    left_over = (found - views) / (deviation if scaled else 1)
    assert np.square(left_over).mean() == pytest.approx(score, rel=1e-3)


def test_scaling_is_of_the_training_clips(read):
    """A clip's score does not depend on those that are scored with it."""
    clips = distant(3, 7)
    alone = [scores_of(read, clip[None]).item() for clip in clips]
    np.testing.assert_array_equal(alone, scores_of(read, clips))


def test_what_is_reconstructed_centred_does_not_depend_on_the_level():
    frames, clips = hums(20, 10), hums(5, 7)
    systems = [
        DenseAutoencoder(**SMALL, scaling="centred", seed=1).fit(frames + level)
        for level in (0, 256)
    ]
    first, other = (
        scores_of(system, clips + level) for system, level in zip(systems, (0, 256), strict=True)
    )
    assert other == pytest.approx(first, rel=1e-2)


def test_standardised_scores_do_not_depend_on_the_unit():
    frames, clips = hums(20, 10), hums(5, 7)
    plain, larger = (
        scores_of(
            DenseAutoencoder(**SMALL, scaling="standardised", seed=1).fit(unit * frames),
            unit * clips,
        )
        for unit in (1, 16)
    )
    assert larger == pytest.approx(plain, rel=1e-3)


def test_far_from_zero_few_steps_find_the_structure_only_where_something_is_normalised():
    """What is at stake in report gamma-ae: 60 steps, from values near -9."""
    frames = distant(200, 10)
    few = {"hidden": [128, 128, 8, 128, 128], "epochs": 30, "batch_fraction": 0.5}
    variance = frames.reshape(-1, 8).var(0).mean()
    left = {
        name: scores_of(
            DenseAutoencoder(**few, learning_rate=0.01, **options).fit(frames), frames
        ).mean()
        for name, options in {"none": {}, **READINGS}.items()
        if name in ("none", "batch norm", "centred")
    }
    assert left["none"] > 0.9 * variance
    assert max(left["batch norm"], left["centred"]) < 0.2 * variance


@pytest.mark.parametrize("activation", dense.ACTIVATIONS)
def test_every_activation_has_an_option(activation, tmp_path):
    system = DenseAutoencoder(**SMALL, activation=activation, seed=1).fit(hums(20, 10))
    kinds = {type(layer) for layer in system._net if not isinstance(layer, torch.nn.Linear)}
    assert kinds == {dense.ACTIVATIONS[activation]}
    loaded = DenseAutoencoder.load(*save(system, tmp_path))
    np.testing.assert_array_equal(scores_of(loaded, hums(2, 7)), scores_of(system, hums(2, 7)))


def test_an_unknown_option_is_refused():
    with pytest.raises(UserError, match=r"^epoch: DenseAutoencoder has no such option; it has "):
        DenseAutoencoder(batch_size=2, epoch=3)


def test_training_needs_little_more_memory_than_the_frames():
    """At most 1.3 times the frames and 500 MB; all contexts at once would need 5 times them."""
    program = """
        from pathlib import Path
        import numpy as np
        import torch
        torch.set_num_threads(1)
        from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
        frames = np.random.default_rng(0).standard_normal((1900, 313, 64), np.float32)
        system = DenseAutoencoder(hidden=[8], epochs=1, batch_size=8192).fit(frames)
        system.score((clip,) for clip in frames[:50])
        # Not ru_maxrss, which a child inherits from the process that started it.
        peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
        print(frames.nbytes, int(peak) * 1024)
    """
    held, peak = map(int, printed_by(program).split())
    assert held > 150e6
    assert peak < 1.3 * held + 500e6
