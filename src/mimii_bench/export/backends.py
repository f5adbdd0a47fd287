"""Systems that make one vector of a clip, and their back ends, as modules of torch.

In double precision, as they compute.
"""

import math
from itertools import combinations

import torch
from torch import nn

from mimii_bench.export.classical import MixtureSurprise
from mimii_bench.export.pooling import pooled_frames
from mimii_bench.systems.backends.base import BackEnd
from mimii_bench.systems.backends.densities import (
    MixtureSurprisal,
    ShrunkMahalanobis,
    SubspaceResidual,
)
from mimii_bench.systems.backends.references import ReferenceDistance
from mimii_bench.systems.backends.rescaling import GroupRescaled
from mimii_bench.systems.backends.vectors import VectorSystem
from mimii_bench.systems.pooled_features import PooledFeatures
from mimii_bench.util.errors import UserError


class VectorScorer(nn.Module):
    """One kind of score of a system that makes one vector of a clip."""

    def __init__(self, system: VectorSystem, kind: str):
        super().__init__()
        self._options = system.options
        self._pools = isinstance(system, PooledFeatures)
        if self._pools and "frequency" in system.options.over:
            raise UserError(
                "PooledFeatures: what is pooled over frequency is of one length of clip, and is "
                "not exported; pool over time alone"
            )
        self._standardises = system.options.standardise
        self.register_buffer("mean", torch.from_numpy(system.mean_))
        self.register_buffer("deviation", torch.from_numpy(system.deviation_))
        self.back_end = _module_of(system.back_ends_[kind])

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return the score of a clip, of which each input is (frame, bin), or pairs of these."""
        doubles = [frames.double() for frames in inputs]
        vector = self._pooled(doubles) if self._pools else self._between(doubles)
        if self._standardises:
            vector = (vector - self.mean) / self.deviation
        return self.back_end(vector)

    def _pooled(self, inputs: list[torch.Tensor]) -> torch.Tensor:
        return torch.cat([pooled_frames(frames, self._options) for frames in inputs])

    def _between(self, inputs: list[torch.Tensor]) -> torch.Tensor:
        pairs = combinations(inputs, 2)
        return torch.cat([cue for one, other in pairs for cue in self._cues(one, other)])

    def _cues(self, one: torch.Tensor, other: torch.Tensor) -> list[torch.Tensor]:
        """Return the cues of a pair of spectra (frame, bin, 2), as `spatial_features` does."""
        p, q = (spectra.square().sum(2).mean(0) for spectra in (one, other))
        real = (one * other).sum(2).mean(0)
        imaginary = (one[..., 1] * other[..., 0] - one[..., 0] * other[..., 1]).mean(0)
        size = torch.sqrt(real.square() + imaginary.square())
        heard, units = (p > 0) & (q > 0), torch.ones_like(size)
        whole = torch.where(size > 0, size, units)
        ratio = torch.where(heard, p, units) / torch.where(heard, q, units)
        product = torch.where(heard, p * q, units)
        found = {
            "phase": [torch.where(size > 0, real / whole, units), imaginary / whole],
            "coherence": [torch.where(heard, size / product.sqrt(), 0 * size)],
            "level": [torch.log(ratio) * (10 / math.log(10))],
        }
        return [cue for kind in self._options.cues for cue in found[kind]]


class _References(nn.Module):
    """`ReferenceDistance` of a vector (dimension,)."""

    def __init__(self, back_end: ReferenceDistance):
        super().__init__()
        self._cosine, self._density = back_end.metric == "cosine", back_end.density
        self._nearest = min(back_end.neighbours, len(back_end.references_))
        references = torch.from_numpy(back_end.references_)
        self.register_buffer("references", _unit(references) if self._cosine else references)
        if self._density is not None:
            self.register_buffer("divisors", torch.from_numpy(back_end.divisors_))

    def forward(self, vector: torch.Tensor) -> torch.Tensor:
        """Return the mean of the least distances."""
        apart = _apart(vector, self.references, self._cosine)
        if self._density == "ratio":
            apart = apart / self.divisors
        elif self._density == "difference":
            apart = apart - self.divisors
        return torch.topk(apart, self._nearest, largest=False).values.mean()


class _Rescaled(nn.Module):
    """`GroupRescaled` of a vector (dimension,)."""

    def __init__(self, back_end: GroupRescaled):
        super().__init__()
        self._cosine, self._nearest = back_end.metric == "cosine", back_end.neighbours
        self._groups = len(back_end.banks_)
        for place, bank in enumerate(map(torch.from_numpy, back_end.banks_)):
            self.register_buffer(f"bank_{place}", _unit(bank) if self._cosine else bank)
        for name in ("means", "deviations"):
            self.register_buffer(name, torch.from_numpy(getattr(back_end, f"{name}_")))

    def forward(self, vector: torch.Tensor) -> torch.Tensor:
        """Return the least of the standardised distances."""
        banks = [getattr(self, f"bank_{place}") for place in range(self._groups)]
        near = [self._near(vector, bank) for bank in banks]
        return ((torch.stack(near) - self.means) / self.deviations).min()

    def _near(self, vector: torch.Tensor, bank: torch.Tensor) -> torch.Tensor:
        apart = _apart(vector, bank, self._cosine)
        count = min(self._nearest, len(bank))
        return torch.topk(apart, count, largest=False).values.mean()


def _apart(vector: torch.Tensor, references: torch.Tensor, cosine: bool) -> torch.Tensor:
    """Return the distances (reference,); for the cosine distance, references have length 1."""
    if cosine:
        return 1 - references @ _unit(vector[None])[0]
    return (references - vector).square().sum(1).sqrt()


def _unit(vectors: torch.Tensor) -> torch.Tensor:
    lengths = vectors.square().sum(1, keepdim=True).sqrt()
    return vectors / torch.where(lengths > 0, lengths, torch.ones_like(lengths))


class _Mahalanobis(nn.Module):
    """`ShrunkMahalanobis` of a vector (dimension,)."""

    def __init__(self, back_end: ShrunkMahalanobis):
        super().__init__()
        self._beside = float(back_end.beside_)
        for name in ("mean", "axes", "variances"):
            self.register_buffer(name, torch.from_numpy(getattr(back_end, f"{name}_").copy()))

    def forward(self, vector: torch.Tensor) -> torch.Tensor:
        """Return the distance."""
        centred = vector - self.mean
        along = self.axes @ centred
        across = centred - along @ self.axes
        squares = (along.square() / self.variances).sum()
        return torch.sqrt(squares + across.square().sum() / self._beside)


class _Subspace(nn.Module):
    """`SubspaceResidual` of a vector (dimension,)."""

    def __init__(self, back_end: SubspaceResidual):
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(back_end.mean_))
        self.register_buffer("components", torch.from_numpy(back_end.components_.copy()))

    def forward(self, vector: torch.Tensor) -> torch.Tensor:
        """Return the length of what lies outside."""
        centred = vector - self.mean
        return (centred - self.components.T @ (self.components @ centred)).square().sum().sqrt()


_MODULES = {
    ReferenceDistance: _References,
    GroupRescaled: _Rescaled,
    ShrunkMahalanobis: _Mahalanobis,
    SubspaceResidual: _Subspace,
    MixtureSurprisal: lambda back_end: MixtureSurprise(back_end.mixture_),
}


def _module_of(back_end: BackEnd) -> nn.Module:
    """Return the module that scores a vector (dimension,) as a fitted back end does."""
    return _MODULES[type(back_end)](back_end)
