"""The training loop that systems share."""

import math

import pytest
import torch

from mimii_bench.errors import UserError
from mimii_bench.systems.training import (
    Epoch,
    check_finite,
    pick_device,
    run_epoch,
    shuffled_batches,
)


def batches(seed, size=4):
    generator = torch.Generator().manual_seed(seed)
    return list(shuffled_batches(torch.arange(10, 20), size, generator))


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


def test_the_loss_is_the_mean_over_examples_and_not_over_batches():
    data = torch.tensor([1.0, 1.0, 1.0, 5.0])
    parts = [torch.tensor([0, 1, 2]), torch.tensor([3])]
    assert run_epoch(parts, lambda batch: data[batch].mean(), None) == 2.0


def test_without_an_optimiser_nothing_is_learned_and_no_gradient_kept():
    weight = torch.ones(1, requires_grad=True)
    run_epoch([torch.arange(3)], lambda batch: (weight * batch).mean(), None)
    assert weight.grad is None


def test_an_optimiser_takes_one_step_per_batch_with_fresh_gradients():
    weight = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.SGD([weight], 1.0)
    run_epoch([torch.arange(2)] * 3, lambda batch: weight.sum(), optimiser)
    assert weight.item() == -3.0


def test_no_example_means_no_loss():
    assert math.isnan(run_epoch(torch.arange(0).split(4), lambda batch: batch.sum(), None))


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


def test_cuda_that_is_absent_names_the_key(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match="device: cuda is configured and none is present"):
        pick_device("cuda")
