"""Heads: losses and gradients against a few plain lines, AdaCos's scale against its formula."""

import math

import numpy as np
import pytest
import torch

from mimii_bench.systems.networks.margin_heads import (
    LEAST_SCALE,
    AdaCosHead,
    ArcFaceHead,
    SoftmaxHead,
    first_scale,
    next_scale,
)

EXAMPLES, SIZE, CLASSES, CLUSTERS = 7, 5, 4, 3
RNG = torch.Generator().manual_seed(0)
EMBEDDINGS = torch.randn(EXAMPLES, SIZE, generator=RNG, dtype=torch.double)
ONE = torch.nn.functional.one_hot(torch.arange(EXAMPLES) % CLASSES, CLASSES).double()
WEIGHTS = torch.rand(EXAMPLES, 1, generator=RNG, dtype=torch.double)
MIXED = WEIGHTS * ONE + (1 - WEIGHTS) * ONE.roll(1, 0)
each_target = pytest.mark.parametrize("shares", [ONE, MIXED], ids=["one class", "mixtures"])


def drawn(make):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return make().double()


def angles(embeddings, centres):
    """The angles (example, centre), one at a time."""
    found = []
    for x in embeddings:
        found.append([torch.acos((x @ w) / (x.norm() * w.norm())) for w in centres])
    return torch.stack([torch.stack(row) for row in found])


def plain_softmax(head, embeddings, shares):
    total = 0
    for x, share in zip(embeddings, shares, strict=True):
        powers = torch.exp(head.classify.weight @ x + head.classify.bias)
        total = total - (share * torch.log(powers / powers.sum())).sum()
    return total / len(embeddings)


def plain_arcface(head, embeddings, shares, scale=8.0, margin=0.4):
    total = 0
    for theta, share in zip(angles(embeddings, head.centres), shares, strict=True):
        for true in range(CLASSES):
            own = torch.exp(scale * torch.cos(theta[true] + margin))
            others = sum(torch.exp(scale * torch.cos(t)) for k, t in enumerate(theta) if k != true)
            total = total - share[true] * torch.log(own / (own + others))
    return total / len(embeddings)


def plain_adacos(head, embeddings, shares):
    total = 0
    for theta, share in zip(angles(embeddings, head.centres), shares, strict=True):
        powers = torch.exp(head.scale * torch.cos(theta))
        for one in range(CLASSES):
            own = powers[one * CLUSTERS : (one + 1) * CLUSTERS].sum()
            total = total - share[one] * torch.log(own / powers.sum())
    return total / len(embeddings)


HEADS = {
    "softmax": (lambda: SoftmaxHead(SIZE, CLASSES), plain_softmax),
    "arcface": (lambda: ArcFaceHead(SIZE, CLASSES, 8.0, 0.4), plain_arcface),
    "adacos": (
        lambda: AdaCosHead(SIZE, CLASSES, CLUSTERS, dynamic=False, trained=True),
        plain_adacos,
    ),
}


@each_target
@pytest.mark.parametrize("name", HEADS)
def test_loss_and_gradients_are_those_of_a_plain_reference(name, shares):
    make, plain = HEADS[name]
    head, embeddings = drawn(make), EMBEDDINGS.clone().requires_grad_()
    wanted = [embeddings, *head.parameters()]
    assert len(wanted) > 1
    loss, expected = head(embeddings, shares), plain(head, embeddings, shares)
    torch.testing.assert_close(loss, expected, rtol=1e-12, atol=0)
    found = torch.autograd.grad(loss, wanted)
    for one, other in zip(found, torch.autograd.grad(expected, wanted), strict=True):
        assert one.abs().max() > 1e-3
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", HEADS)
def test_gradients_are_those_of_finite_differences(name):
    head = drawn(HEADS[name][0])
    embeddings = EMBEDDINGS.clone().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: head(x, MIXED), embeddings)


def test_arcface_without_a_margin_is_the_softmax_of_scaled_cosines():
    head = drawn(lambda: ArcFaceHead(SIZE, CLASSES, 8.0, 0.0))
    logits = 8 * torch.cos(angles(EMBEDDINGS, head.centres))
    expected = torch.nn.functional.cross_entropy(logits, MIXED)
    torch.testing.assert_close(head(EMBEDDINGS, MIXED), expected, rtol=1e-9, atol=0)


def test_beyond_the_reach_of_the_margin_the_loss_goes_on_rising_without_a_step():
    """The angle to the own centre goes from 0 to pi; all other cosines are 0."""
    head = ArcFaceHead(3, 2, 4.0, 0.5).double()
    head.centres.data = torch.tensor([[1.0, 0, 0], [0, 0, 1]], dtype=torch.double)
    turns = torch.linspace(0.001, np.pi - 0.001, 400, dtype=torch.double)
    points = torch.stack([turns.cos(), turns.sin(), torch.zeros_like(turns)], dim=1)
    target = torch.tensor([[1.0, 0.0]], dtype=torch.double)
    losses = np.array([head(point[None], target).item() for point in points])
    steps = np.diff(losses)
    assert (steps > 0).all()
    # No slope is steeper than s.
    assert steps.max() <= 4.0 * np.pi / 400 * 1.01


@pytest.mark.parametrize(
    ("centres", "expected"), [(17, math.sqrt(2) * math.log(16)), (2, LEAST_SCALE), (1, LEAST_SCALE)]
)
def test_the_first_scale_is_that_of_the_formula(centres, expected):
    assert first_scale(centres) == pytest.approx(expected)


def test_a_fixed_scale_stays_in_training():
    head = drawn(lambda: AdaCosHead(SIZE, CLASSES, CLUSTERS, dynamic=False)).train()
    head(EMBEDDINGS, ONE)
    assert head.scale.item() == pytest.approx(math.sqrt(2) * math.log(CLASSES * CLUSTERS - 1))


def scale_by_loops(scale, cosines, shares, clusters):
    """The update, one example after the other, in plain numbers."""
    sums, middles = [], []
    for row, share in zip(cosines.tolist(), shares.tolist(), strict=True):
        of = [place // clusters for place in range(len(row))]
        counted = [c for c, k in zip(row, of, strict=True) if clusters > 1 or share[k] == 0]
        sums.append(sum(math.exp(scale * c) for c in counted))
        by_class = [
            np.mean([math.acos(c) for c, k in zip(row, of, strict=True) if k == one])
            for one in range(len(share))
        ]
        middles.append(sum(s * a for s, a in zip(share, by_class, strict=True)))
    average = sum(sums) / len(sums)
    return math.log(average) / math.cos(min(math.pi / 4, float(np.median(middles))))


@each_target
@pytest.mark.parametrize("clusters", [1, 3])
@pytest.mark.parametrize("near", [0.0, 6.0], ids=["early", "late"])
def test_the_scale_follows_the_formula(clusters, shares, near):
    centres = torch.randn(CLASSES * clusters, SIZE, generator=RNG, dtype=torch.double)
    # Late in training examples lie near their class: the median angle is below pi / 4.
    own = shares @ centres.unflatten(0, (CLASSES, clusters)).mean(1)
    embeddings = EMBEDDINGS + near * own
    cosines = torch.cos(angles(embeddings, centres))
    found = next_scale(torch.tensor(5.0, dtype=torch.double), cosines, shares, clusters)
    expected = max(scale_by_loops(5.0, cosines, shares, clusters), LEAST_SCALE)
    assert found.item() == pytest.approx(expected, rel=1e-9)


def test_the_scale_changes_in_training_alone_and_without_gradient():
    head = drawn(lambda: AdaCosHead(SIZE, CLASSES, CLUSTERS))
    first = head.scale.item()
    head.eval()(EMBEDDINGS, ONE)
    assert head.scale.item() == first
    head.train()
    cosines = head.cosines(EMBEDDINGS)
    head(EMBEDDINGS, ONE)
    expected = next_scale(torch.tensor(first), cosines, ONE, CLUSTERS)
    assert head.scale.item() == pytest.approx(expected.item())
    assert head.scale.item() != first
    assert not head.scale.requires_grad


def test_centres_are_learned_or_not():
    trained, fixed = (
        drawn(lambda t=t: AdaCosHead(SIZE, CLASSES, CLUSTERS, trained=t)) for t in (True, False)
    )
    assert sum(p.numel() for p in trained.parameters()) == SIZE * CLASSES * CLUSTERS
    assert list(fixed.parameters()) == []
    torch.testing.assert_close(trained.centres, fixed.centres)
    assert "centres" in fixed.state_dict()
