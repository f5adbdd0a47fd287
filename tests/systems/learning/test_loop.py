"""The training loop that systems share."""

import math
import os

import pytest
import torch
from torch import nn

from mimii_bench.systems.learning.loop import (
    Adam,
    by_autograd,
    check_finite,
    make_repeatable,
    mean_loss,
    parts_of,
    pick_device,
    shuffled_batches,
    train,
)
from mimii_bench.systems.learning.schedule import Epoch, Schedule
from mimii_bench.util.errors import UserError
from systems.sounds import STILL


def batches(seed, size=4):
    generator = torch.Generator().manual_seed(seed)
    return list(shuffled_batches(torch.arange(10, 20), size, generator))


class Point(nn.Module):
    """One weight, at 0."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))


def run(schedule, loss_of=None, examples=6, network=None, **options):
    """Train on `examples`; the loss is the weight itself unless said, so the gradient is 1."""
    network = network or Point()
    loss_of = loss_of or (lambda indices: network.weight.sum())
    generator = torch.Generator().manual_seed(0)
    learn = by_autograd(loss_of)
    history = train(
        network, learn, torch.arange(examples), Schedule(**schedule), generator, **options
    )
    return network, history


def test_batches_hold_every_index_once_and_the_last_may_be_smaller():
    parts = batches(0)
    assert [len(part) for part in parts] == [4, 4, 2]
    assert sorted(torch.cat(parts).tolist()) == list(range(10, 20))


def test_the_order_follows_the_seed():
    first, again, other = (torch.cat(batches(seed)).tolist() for seed in (0, 0, 1))
    assert first == again != other
    assert first != sorted(first)


def test_the_order_is_another_in_every_epoch():
    generator = torch.Generator().manual_seed(0)
    epochs = [torch.cat(list(shuffled_batches(torch.arange(50), 8, generator))) for _ in range(2)]
    assert not torch.equal(*epochs)


@pytest.mark.parametrize(
    ("count", "least", "lengths"),
    [
        (8, 1, [4, 4]),
        (9, 1, [4, 4, 1]),
        (9, 2, [4, 5]),
        (10, 2, [4, 4, 2]),
        (5, 2, [5]),
        (4, 2, [4]),
        (1, 2, [1]),
    ],
)
def test_a_last_part_that_is_too_small_joins_the_one_before(count, least, lengths):
    parts = parts_of(torch.arange(count), 4, least)
    assert [len(part) for part in parts] == lengths
    assert torch.cat(parts).tolist() == list(range(count))


@pytest.mark.parametrize("schedule", [{"batch_size": 4}, {"batch_size": 9, "micro_batch": 4}])
def test_batch_normalisation_never_meets_a_single_example(schedule):
    data = torch.randn(9, 3, generator=torch.Generator().manual_seed(0))
    network = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
    seen = []

    def loss_of(indices):
        seen.append(len(indices))
        return network(data[indices]).square().mean()

    run({"epochs": 1, **schedule}, loss_of, 9, network)
    assert seen == [4, 5]


def test_the_loss_is_the_mean_over_examples_and_not_over_batches():
    data = torch.tensor([1.0, 1.0, 1.0, 5.0])
    network = Point()
    for size in (3, 4):
        schedule = {"epochs": 1, "batch_size": size, "learning_rate": STILL}
        _, history = run(schedule, lambda i: data[i].mean() + 0 * network.weight.sum(), 4, network)
        assert history[0].loss == pytest.approx(2.0, rel=1e-6)
    assert mean_loss(lambda i: data[i].mean(), torch.arange(4), 3) == 2.0


def test_no_example_means_no_loss():
    assert math.isnan(mean_loss(lambda batch: batch.sum(), torch.arange(0), 4))


@pytest.mark.parametrize("micro_batch", [7, 64, 100])
def test_gradients_added_up_over_parts_are_those_of_the_whole_batch(micro_batch):
    generator = torch.Generator().manual_seed(1)
    data = torch.randn(100, 20, generator=generator)
    network = nn.Sequential(nn.Linear(20, 8), nn.ReLU(), nn.Linear(8, 20))

    def loss_of(indices):
        return nn.functional.mse_loss(network(data[indices]), data[indices])

    schedule = {"epochs": 1, "batch_fraction": 1.0, "learning_rate": STILL}
    run(schedule | {"micro_batch": micro_batch}, loss_of, 100, network)
    added = torch.cat([p.grad.flatten() for p in network.parameters()])
    network.zero_grad()
    loss_of(torch.arange(100)).backward()
    whole = torch.cat([p.grad.flatten() for p in network.parameters()])
    assert (added - whole).norm() < 1e-6 * whole.norm()


def test_half_the_data_make_two_steps_an_epoch_whatever_the_parts():
    for micro_batch in (2, 100):
        schedule = {"epochs": 1, "batch_fraction": 0.5, "learning_rate": 0.1}
        network, _ = run(schedule | {"micro_batch": micro_batch}, examples=11)
        assert network.weight.item() == pytest.approx(-0.2)
    assert Schedule(batch_fraction=0.5).examples_per_step(11) == 6


def test_the_learning_rate_drops_after_every_so_many_epochs():
    schedule = {"learning_rate": 0.1, "drop_every": 2, "drop_factor": 0.5, "batch_size": 6}
    rates = [Schedule(**schedule).rate(epoch) for epoch in range(1, 6)]
    assert rates == [0.1, 0.1, 0.05, 0.05, 0.025]
    # Under a constant gradient, a step of Adam is as long as the learning rate.
    network, _ = run(schedule | {"epochs": 5})
    assert network.weight.item() == pytest.approx(-sum(rates), rel=1e-5)


def test_training_ends_when_patience_does():
    losses = [3.0, 2.0, 2.5, 2.0, 1.0]
    ends = {}
    for patience in (1, 2, 3, None):
        watched = iter(losses)
        schedule = {"epochs": 5, "batch_size": 6, "patience": patience}
        _, history = run(schedule, watch=lambda watched=watched: next(watched))
        ends[patience] = len(history)
        assert [epoch.validation_loss for epoch in history] == losses[: len(history)]
    assert ends == {1: 3, 2: 4, 3: 5, None: 5}


def test_patience_needs_something_to_watch():
    _, history = run({"epochs": 4, "batch_size": 6, "patience": 1})
    assert len(history) == 4


@pytest.mark.parametrize(("most", "epochs"), [(1, 1), (3, 1), (4, 2), (6, 2), (100, 9)])
def test_training_ends_with_the_last_step_of_the_budget(monkeypatch, most, epochs):
    steps = []
    step = Adam.step
    monkeypatch.setattr(Adam, "step", lambda self, rate: (steps.append(rate), step(self, rate)))
    _, history = run({"epochs": 9, "batch_size": 2, "max_steps": most})
    assert len(history) == epochs
    assert len(steps) == min(most, 27)


def test_steps_train_and_watching_evaluates():
    modes = {"loss": set(), "watch": set()}
    network = Point()

    def loss_of(_):
        modes["loss"].add((network.training, torch.is_grad_enabled()))
        return network.weight.sum()

    def watch():
        modes["watch"].add((network.training, torch.is_grad_enabled()))
        return 0.0

    run({"epochs": 2, "batch_size": 3}, loss_of, 6, network, watch=watch)
    assert modes == {"loss": {(True, True)}, "watch": {(False, False)}}
    assert not network.training


def test_adam_is_torch_s():
    schedule = Schedule(batch_size=1, betas=[0.8, 0.99], eps=1e-3, learning_rate=0.03)
    data = torch.randn(9, 4, generator=torch.Generator().manual_seed(0))
    ours, theirs = (nn.Parameter(torch.ones(4)) for _ in range(2))
    optimiser = Adam([ours], schedule)
    reference = torch.optim.Adam([theirs], lr=0.03, betas=(0.8, 0.99), eps=1e-3)
    for row in data:
        for weight, one in ((ours, optimiser), (theirs, reference)):
            one.zero_grad()
            ((weight - row) ** 4).sum().backward()
        optimiser.step(0.03)
        reference.step()
    torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=0)
    assert optimiser.steps == 9


def test_l2_draws_weights_to_0_and_no_biases_as_matlab_s():
    """MATLAB adds l2 · w to the gradient, which is what torch calls weight decay."""
    schedule = Schedule(batch_size=1, l2=0.1)
    data = torch.randn(9, 4, generator=torch.Generator().manual_seed(0))
    ours, theirs, plain = (nn.Linear(4, 3) for _ in range(3))
    theirs.load_state_dict(ours.state_dict())
    plain.load_state_dict(ours.state_dict())
    groups = [
        {"params": [theirs.weight], "weight_decay": 0.1},
        {"params": [theirs.bias], "weight_decay": 0.0},
    ]
    optimiser, reference = Adam(ours.parameters(), schedule), torch.optim.Adam(groups, lr=0.03)
    without = Adam(plain.parameters(), Schedule(batch_size=1))
    for row in data:
        for network, one in ((ours, optimiser), (theirs, reference), (plain, without)):
            one.zero_grad()
            network(row).square().sum().backward()
        optimiser.step(0.03)
        reference.step()
        without.step(0.03)
    for name, parameter in theirs.named_parameters():
        torch.testing.assert_close(ours.get_parameter(name), parameter, rtol=1e-6, atol=1e-7)
    assert not torch.equal(ours.weight, plain.weight)


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_no_number_names_its_epoch(loss):
    with pytest.raises(UserError, match=f"loss became {loss} in epoch 7"):
        check_finite(Epoch(7, loss, 0.0))


def test_a_missing_validation_loss_is_no_error():
    epoch = Epoch(1, 0.5, math.nan)
    assert check_finite(epoch) is epoch


def test_auto_is_what_is_there(monkeypatch):
    for present, expected in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda present=present: present)
        assert pick_device("auto").type == expected
        assert pick_device("cpu").type == "cpu"


def asked_for(monkeypatch, device):
    """What is asked of torch for a device, without its being done."""
    asked = []
    monkeypatch.setattr(
        torch, "use_deterministic_algorithms", lambda *args, **kwargs: asked.append((args, kwargs))
    )
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", True)
    # Set first, so that it is put back whatever happens.
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", "")
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG")
    make_repeatable(torch.device(device))
    return asked, torch.backends.cudnn.benchmark, os.environ.get("CUBLAS_WORKSPACE_CONFIG")


def test_cuda_is_asked_for_the_same_bytes_every_time_and_the_cpu_needs_no_asking(monkeypatch):
    assert asked_for(monkeypatch, "cuda") == ([((True,), {"warn_only": True})], False, ":4096:8")
    assert asked_for(monkeypatch, "cpu") == ([], True, None)


def test_a_workspace_that_somebody_chose_stays(monkeypatch):
    monkeypatch.setattr(torch, "use_deterministic_algorithms", lambda *_, **__: None)
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":16:8")
    make_repeatable(torch.device("cuda"))
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":16:8"


def test_cuda_that_is_absent_names_the_key(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match="device: cuda:1 is configured and none is present"):
        pick_device("cuda:1")
