"""Classical detectors as modules of torch: pooling, standardisation, and scikit-learn's scores.

They take what scikit-learn has fitted and compute in double precision, as it does. The operators
that ONNX has for its trees and kernels compute in single precision.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from mimii_bench.export.pooling import pooled_frames
from mimii_bench.systems.classical import (
    GaussianMixture,
    IsolationForest,
    NearestNeighbours,
    OneClassSvm,
    PooledSystem,
)

if TYPE_CHECKING:
    import sklearn


class PooledScorer(nn.Module):
    """Score of a clip by a system that pools its frames."""

    def __init__(self, system: PooledSystem, kind: str):
        super().__init__()
        self._options = system.options
        self.register_buffer("mean", torch.from_numpy(system.mean_))
        self.register_buffer("deviation", torch.from_numpy(system.deviation_))
        self.estimate = _ESTIMATORS[type(system)](system)

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Return the score of `frames` (frame, bin)."""
        pooled = pooled_frames(frames.double(), self._options)
        return self.estimate((pooled - self.mean) / self.deviation)


class NeighbourDistance(nn.Module):
    """Mean distance of a vector (bin,) to the nearest training clips."""

    def __init__(self, system: NearestNeighbours):
        super().__init__()
        self.register_buffer("clips", torch.from_numpy(system.fitted_.vectors))
        self._nearest = min(system.options.neighbours, len(system.fitted_.vectors))

    def forward(self, vector: torch.Tensor) -> torch.Tensor:
        """Return the distance."""
        distances = (self.clips - vector).square().sum(1).sqrt()
        return torch.topk(distances, self._nearest, largest=False).values.mean()


class MixtureSurprise(nn.Module):
    """Negative log-likelihood of a vector (bin,) under normal distributions.

    With L a distribution's Cholesky factor of the precision,
    ``log p = log weight + log det L - (bins log 2 pi + |L' (x - mean)|^2) / 2``.
    """

    def __init__(self, fitted: sklearn.mixture.GaussianMixture):
        super().__init__()
        factors = _factors(fitted.precisions_cholesky_, fitted.means_, fitted.covariance_type)
        heights = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(1) + np.log(fitted.weights_)
        heights -= fitted.means_.shape[1] * math.log(2 * math.pi) / 2
        self.register_buffer("means", torch.from_numpy(fitted.means_))
        self.register_buffer("factors", torch.from_numpy(factors))
        self.register_buffer("heights", torch.from_numpy(heights))

    def forward(self, vector: torch.Tensor) -> torch.Tensor:
        """Return the negative logarithm."""
        white = ((vector - self.means)[:, None] @ self.factors)[:, 0]
        return -torch.logsumexp(self.heights - white.square().sum(1) / 2, 0)


def _factors(cholesky: np.ndarray, means: np.ndarray, form: str) -> np.ndarray:
    """Return the factors (component, bin, bin) of every form of covariance."""
    if form == "full":
        return np.array(cholesky)
    if form == "tied":
        return np.repeat(cholesky[None], len(means), axis=0)
    scales = cholesky if form == "diag" else np.repeat(cholesky[:, None], means.shape[1], axis=1)
    return scales[:, :, None] * np.eye(means.shape[1])


class ForestScore(nn.Module):
    """Score of Liu, Ting and Zhou (2008): 2 to the power of -(mean path) / c(clips per tree)."""

    def __init__(self, system: IsolationForest):
        super().__init__()
        trees = [one.tree_ for one in system.fitted_.estimators_]
        self._depth = max(tree.max_depth for tree in trees)
        columns = [_columns(tree) for tree in trees]
        nodes = max(tree.node_count for tree in trees)
        for name in columns[0]:
            table = [np.pad(own[name], (0, nodes - len(own[name]))) for own in columns]
            self.register_buffer(name, torch.from_numpy(np.stack(table)))
        self._unit = float(_path(np.array([system.fitted_.max_samples_]))[0])

    def forward(self, vector: torch.Tensor) -> torch.Tensor:
        """Return the score of a vector (bin,)."""
        # Trees see single precision, and compare it with thresholds in double.
        seen = vector.float().double()
        node = torch.zeros(len(self.path), 1, dtype=torch.long)
        for _ in range(self._depth):
            below = seen[self.feature.gather(1, node)] <= self.threshold.gather(1, node)
            node = torch.where(below, self.left.gather(1, node), self.right.gather(1, node))
        return torch.exp2(-self.path.gather(1, node).mean() / self._unit)


def _columns(tree) -> dict[str, np.ndarray]:
    """Return what stands at each node of a tree of scikit-learn; a leaf leads to itself."""
    leaf, own = tree.children_left < 0, np.arange(tree.node_count)
    return {
        "feature": np.maximum(tree.feature, 0),
        "threshold": tree.threshold,
        "left": np.where(leaf, own, tree.children_left),
        "right": np.where(leaf, own, tree.children_right),
        "path": tree.compute_node_depths() - 1 + _path(tree.n_node_samples),
    }


def _path(clips: np.ndarray) -> np.ndarray:
    """Return c(n), the mean path of an unsuccessful search among so many clips.

    Their equation 1: c(n) = 2 H(n - 1) - 2 (n - 1) / n with H(i) = ln i + Euler's constant;
    c(2) = 1, c(1) = 0.
    """
    n = np.maximum(clips, 3).astype(float)
    many = 2 * (np.log(n - 1) + np.euler_gamma) - 2 * (n - 1) / n
    return np.select([clips <= 1, clips == 2], [0.0, 1.0], many)


class BoundaryDistance(nn.Module):
    """Distance outwards of a vector (bin,) from the boundary of a one-class machine."""

    def __init__(self, system: OneClassSvm):
        super().__init__()
        fitted = system.fitted_
        standard = (system.vectors_ - system.mean_) / system.deviation_
        # What scikit-learn calls "scale".
        self._gamma = 1 / (standard.shape[1] * (standard.var() or 1.0))
        self._offset = float(fitted.intercept_[0])
        self.register_buffer("clips", torch.from_numpy(np.array(fitted.support_vectors_)))
        self.register_buffer("weights", torch.from_numpy(np.array(fitted.dual_coef_[0])))

    def forward(self, vector: torch.Tensor) -> torch.Tensor:
        """Return the distance."""
        kernel = torch.exp(-self._gamma * (self.clips - vector).square().sum(1))
        return -(self.weights @ kernel + self._offset)


_ESTIMATORS: dict[type[PooledSystem], Callable[..., nn.Module]] = {
    NearestNeighbours: NeighbourDistance,
    GaussianMixture: lambda system: MixtureSurprise(system.fitted_),
    IsolationForest: ForestScore,
    OneClassSvm: BoundaryDistance,
}
