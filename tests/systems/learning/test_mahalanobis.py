"""Covariances in one pass, and the two scores that are called Mahalanobis."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import mahalanobis as scipy_distance

from mimii_bench.systems.learning.mahalanobis import (
    RunningCovariance,
    inverse_covariance,
    mahalanobis,
    mahalanobis_mean_residual,
)
from mimii_bench.util.errors import UserError


def rows(count=500, bins=6, offset=0.0, seed=0):
    rng = np.random.default_rng(seed)
    return offset + rng.standard_normal((count, bins)) @ rng.standard_normal((bins, bins))


def running(data, chunk):
    covariance = RunningCovariance(data.shape[1])
    for part in torch.from_numpy(data).split(chunk):
        covariance.add(part)
    return covariance


@pytest.mark.parametrize("chunk", [1, 7, 500])
def test_the_covariance_is_numpy_s_whatever_the_chunks(chunk):
    data = rows()
    covariance = running(data, chunk)
    np.testing.assert_allclose(covariance.covariance(), np.cov(data.T), rtol=1e-10, atol=1e-12)
    assert covariance.count == 500


def test_a_large_mean_costs_no_precision():
    """The plain sum of products would lose all digits: 1e8 squared against variances near 1."""
    np.testing.assert_allclose(
        running(rows(offset=1e8), 50).covariance(), np.cov(rows().T), rtol=1e-5
    )


def test_the_inverse_is_numpy_s():
    covariance = np.cov(rows().T)
    found = inverse_covariance(torch.from_numpy(covariance))
    np.testing.assert_allclose(found, np.linalg.inv(covariance), rtol=1e-8)


def test_a_ridge_is_a_share_of_the_mean_variance():
    covariance = np.cov(rows().T)
    found = inverse_covariance(torch.from_numpy(covariance), ridge=0.1)
    expected = np.linalg.inv(covariance + 0.1 * np.diag(covariance).mean() * np.eye(6))
    np.testing.assert_allclose(found, expected, rtol=1e-8)


@pytest.mark.parametrize(
    ("data", "rank"),
    [
        (rows(count=4), 3),
        (rows() * [1, 1, 1, 0, 1, 1], 5),
        (rows()[:, [0, 1, 2, 3, 4, 4]], 5),
        (rows() * [1, 1, 1, 1e-7, 1, 1], 5),
    ],
    ids=["too few rows", "a constant bin", "a bin twice", "only rounding"],
)
def test_a_singular_covariance_says_what_to_do(data, rank):
    covariance = running(data, 100).covariance()
    with pytest.raises(UserError, match=rf"of 6 bins, {rank} are independent.*option ridge"):
        inverse_covariance(covariance)
    assert torch.isfinite(inverse_covariance(covariance, ridge=1e-6)).all()


def test_a_nearly_singular_covariance_is_inverted():
    inverse_covariance(running(rows() * [1, 1, 1, 1e-4, 1, 1], 100).covariance())


def test_both_scores_are_those_of_scipy():
    residual, inverse = rows(30, seed=1), np.linalg.inv(np.cov(rows().T))
    zero = np.zeros(6)
    frames = np.mean([scipy_distance(frame, zero, inverse) ** 2 for frame in residual])
    mean = scipy_distance(residual.mean(0), zero, inverse) ** 2
    arguments = torch.from_numpy(residual), torch.from_numpy(inverse)
    assert mahalanobis(*arguments) == pytest.approx(frames, rel=1e-10)
    assert mahalanobis_mean_residual(*arguments) == pytest.approx(mean, rel=1e-10)
    assert frames > 2 * mean


def test_the_released_code_averages_over_all_pairs_of_frames():
    """`sum(delta P delta') / T` of the DCASE 2023 baseline is T times the score here."""
    residual, inverse = rows(30, seed=1), np.linalg.inv(np.cov(rows().T))
    released = (residual @ inverse @ residual.T).sum() / 30
    score = mahalanobis_mean_residual(torch.from_numpy(residual), torch.from_numpy(inverse))
    assert released == pytest.approx(30 * score)


def test_opposite_residuals_cancel_only_in_the_mean():
    residual = torch.tensor([[3.0, 0.0], [-3.0, 0.0]])
    inverse = torch.eye(2, dtype=torch.float64)
    assert (mahalanobis(residual, inverse), mahalanobis_mean_residual(residual, inverse)) == (9, 0)
