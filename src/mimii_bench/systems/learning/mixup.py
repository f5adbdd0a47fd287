"""Whole clips of several inputs and the classes that they are of, mixed in pairs while training.

What is random is drawn when a batch is taken, from the generator of the training, as for
`segments`.
"""

from collections.abc import Sequence

import numpy as np
import torch


class ClassifiedClips:
    """Whole clips as they are, and the shares of the classes in them.

    Parameters
    ----------
    inputs : sequence of ndarray (clip, frame, bin)
    shares : tensor (clip, class)
    """

    def __init__(self, inputs: Sequence[np.ndarray], shares: torch.Tensor):
        self._inputs = [torch.from_numpy(np.ascontiguousarray(frames)) for frames in inputs]
        self._shares = shares
        self.indices = torch.arange(len(shares))

    def take(self, indices: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the clips (index, frame, bin) of every input, and last their shares."""
        return (*(frames[indices] for frames in self._inputs), self._shares[indices])


class MixedClips(ClassifiedClips):
    """Convex combinations of each clip and another one of the batch (mixup, Zhang et al. 2018).

    The weight is uniform on [0, 1], their Beta(1, 1), and the same for all inputs and the shares.
    Mixed are the inputs as they are given [ours: Wilkinghoff mixes samples, of which magnitudes are
    only nearly linear].

    Parameters
    ----------
    inputs, shares
        See `ClassifiedClips`.
    probability : float
        Of each clip, that it is mixed.
    generator : torch.Generator
        Of all that is drawn.
    """

    def __init__(
        self,
        inputs: Sequence[np.ndarray],
        shares: torch.Tensor,
        probability: float,
        generator: torch.Generator,
    ):
        super().__init__(inputs, shares)
        self._probability, self._generator = probability, generator

    def take(self, indices: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the mixtures (index, frame, bin) of every input, and last their shares."""
        count = len(indices)
        weight = torch.rand(count, generator=self._generator)
        mixed = torch.rand(count, generator=self._generator) < self._probability
        other = indices[torch.randperm(count, generator=self._generator)]
        weight = torch.where(mixed, weight, 1.0)
        pairs = zip(super().take(indices), super().take(other), strict=True)
        return tuple(_mixture(one, two, weight) for one, two in pairs)


def _mixture(one: torch.Tensor, other: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Return `weight` (example,) of `one` and the rest of `other`, both (example, ...)."""
    own = weight.view(-1, *[1] * (one.ndim - 1))
    return own * one + (1 - own) * other
