"""A training that is killed goes on after its last checkpoint, to the very same model."""

import numpy as np
import pytest
import torch

from mimii_bench.systems.dcase_autoencoder import DcaseAutoencoder
from mimii_bench.systems.denoising_autoencoder import DenoisingAutoencoder
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.learning import loop
from mimii_bench.systems.learning.checkpoint import Checkpoint
from mimii_bench.systems.two_microphone_autoencoder import TwoMicrophoneAutoencoder
from mimii_bench.systems.variational_autoencoder import VariationalAutoencoder
from mimii_bench.util import stopping
from mimii_bench.util.errors import UserError
from systems.sounds import hums

SCHEDULE = {"epochs": 4, "batch_size": 16, "learning_rate": 1e-2}
#: 4 clips of 36 windows, 16 at a time.
STEPS_PER_EPOCH = 9
SYSTEMS = {
    "dense": lambda: DenseAutoencoder(hidden=[8, 2, 8], **SCHEDULE, drop_every=1, drop_factor=0.5),
    "early stopping": lambda: DenseAutoencoder(
        hidden=[8, 2, 8], **SCHEDULE, validation_fraction=0.2, patience=1
    ),
    "batch normalisation": lambda: DcaseAutoencoder(hidden=[8, 2, 8], **SCHEDULE, ridge=1e-3),
    "noise on the inputs": lambda: DenoisingAutoencoder(hidden=[8, 2, 8], **SCHEDULE),
    "noise in the loss": lambda: VariationalAutoencoder(hidden=[8], latent=2, **SCHEDULE),
    "two networks": lambda: TwoMicrophoneAutoencoder(
        hidden=[8, 2], alphas=[0.5, 2], **SCHEDULE, ridge=1e-3
    ),
}


class Killed(Exception):
    """What no training catches."""


def training(system):
    pair = isinstance(system, TwoMicrophoneAutoencoder)
    return [hums(4, 7, seed=seed) for seed in range(1 + pair)]


def killed_after(system, steps, monkeypatch):
    """Fit `system`, and raise in the step after so many."""
    taken = [0]
    step = loop._step

    def counted(*args):
        taken[0] += 1
        if taken[0] > steps:
            raise Killed
        return step(*args)

    monkeypatch.setattr(loop, "_step", counted)
    try:
        system.fit(*training(system))
    except Killed:
        return
    finally:
        monkeypatch.undo()
    raise AssertionError("it was not killed")


@pytest.mark.parametrize("kind", SYSTEMS)
@pytest.mark.parametrize("steps", [1, 15, 25])
def test_it_ends_with_the_same_model_and_history(kind, steps, tmp_path, monkeypatch):
    whole = SYSTEMS[kind]()
    whole.fit(*training(whole))
    first, second = SYSTEMS[kind](), SYSTEMS[kind]()
    for system in (first, second):
        system.checkpoint = Checkpoint(tmp_path / "one", seconds=0)
    killed_after(first, steps, monkeypatch)
    assert bool(list(tmp_path.iterdir())) == (steps > STEPS_PER_EPOCH)
    second.fit(*training(second))
    assert np.array_equal(second.history_, whole.history_, equal_nan=True)
    for name, tensor in whole._net.state_dict().items():
        assert torch.equal(second._net.state_dict()[name], tensor), name


def test_a_checkpoint_saves_steps(tmp_path, monkeypatch):
    first, second = SYSTEMS["dense"](), SYSTEMS["dense"]()
    for system in (first, second):
        system.checkpoint = Checkpoint(tmp_path / "one", seconds=0)
    killed_after(first, 3 * STEPS_PER_EPOCH, monkeypatch)
    with pytest.raises(AssertionError, match="not killed"):
        killed_after(second, STEPS_PER_EPOCH, monkeypatch)


def test_a_training_that_ended_is_not_repeated(tmp_path, monkeypatch):
    first, second = SYSTEMS["dense"](), SYSTEMS["dense"]()
    for system in (first, second):
        system.checkpoint = Checkpoint(tmp_path / "one", seconds=0)
    first.fit(*training(first))
    with pytest.raises(AssertionError, match="not killed"):
        killed_after(second, 1, monkeypatch)
    assert np.array_equal(second.history_, first.history_, equal_nan=True)


def test_a_short_training_keeps_none(tmp_path):
    system = SYSTEMS["dense"]()
    system.go_on_from(tmp_path / "one", seconds=60)
    system.fit(*training(system))
    assert not list(tmp_path.iterdir())


def test_a_damaged_checkpoint_is_as_good_as_none(tmp_path):
    (tmp_path / "one").write_bytes(b"\0" * 40)
    whole, system = SYSTEMS["dense"](), SYSTEMS["dense"]()
    whole.fit(*training(whole))
    system.go_on_from(tmp_path / "one", seconds=60)
    system.fit(*training(system))
    assert np.array_equal(system.history_, whole.history_, equal_nan=True)


def kept(folder, monkeypatch):
    """Return the checkpoint of a training that was killed after two epochs."""
    system = SYSTEMS["dense"]()
    system.go_on_from(folder / "one", seconds=0)
    killed_after(system, 2 * STEPS_PER_EPOCH + 1, monkeypatch)
    return folder / "one"


def flipped(data, share):
    at = int(len(data) * share)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    "harm",
    [
        *(
            lambda data, share=share: data[: int(len(data) * share)]
            for share in (0, 0.01, 0.5, 0.99)
        ),
        *(lambda data, share=share: flipped(data, share) for share in (0.3, 0.6, 0.9, 0.999)),
        lambda data: data + b"\0",
        lambda data: data.replace(b'"steps":"18"', b'"steps":"27"'),
        lambda data: data.replace(b"[[1,", b"[[2,"),
        lambda data: data.replace(b'"sha256"', b'"sha255"'),
        lambda data: b"\x80\x04N.",
    ],
)
def test_a_checkpoint_that_came_to_harm_is_thrown_away_and_named(
    harm, tmp_path, monkeypatch, caplog
):
    path = kept(tmp_path, monkeypatch)
    data = path.read_bytes()
    assert harm(data) != data
    path.write_bytes(harm(data))
    whole, system = SYSTEMS["dense"](), SYSTEMS["dense"]()
    whole.fit(*training(whole))
    system.go_on_from(path, seconds=60)
    with caplog.at_level("WARNING"):
        system.fit(*training(system))
    assert f"{path}: a damaged checkpoint is not used" in caplog.text
    for name, tensor in whole._net.state_dict().items():
        assert torch.equal(system._net.state_dict()[name], tensor), name


def test_the_checkpoint_of_another_network_is_not_used(tmp_path, monkeypatch, caplog):
    path = kept(tmp_path, monkeypatch)
    other = DenseAutoencoder(hidden=[8, 3, 8], **SCHEDULE)
    other.go_on_from(path, seconds=60)
    other.fit(*training(other))
    assert "it is of another network" in caplog.text
    assert len(other.history_) == SCHEDULE["epochs"]


@pytest.mark.parametrize("kind", SYSTEMS)
@pytest.mark.parametrize("steps", [1, 5, STEPS_PER_EPOCH, 15])
def test_one_that_is_told_to_end_within_an_epoch_goes_on_from_there(
    kind, steps, tmp_path, monkeypatch
):
    whole = SYSTEMS[kind]()
    whole.fit(*training(whole))
    first, second = SYSTEMS[kind](), SYSTEMS[kind]()
    for system in (first, second):
        system.checkpoint = Checkpoint(tmp_path / "one", seconds=3600)
    taken, step = [], loop._step

    def counted(*args):
        taken.append(None)
        if len(taken) == steps:
            monkeypatch.setattr(stopping, "_told", True)
        return step(*args)

    monkeypatch.setattr(loop, "_step", counted)
    with pytest.raises(UserError, match="told to end"):
        first.fit(*training(first))
    assert len(taken) == steps
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr(stopping, "_told", False)
    second.fit(*training(second))
    monkeypatch.undo()
    assert np.array_equal(second.history_, whole.history_, equal_nan=True)
    for name, tensor in whole._net.state_dict().items():
        assert torch.equal(second._net.state_dict()[name], tensor), name
    once = SYSTEMS[kind]()
    total = []
    monkeypatch.setattr(loop, "_step", lambda *args: (total.append(None), step(*args))[1])
    once.fit(*training(once))
    assert len(taken) == len(total), "no step is taken twice"
