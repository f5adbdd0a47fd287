"""Heads that tell classes apart by angles, as losses: softmax, ArcFace, sub-cluster AdaCos.

A target is the share of each class in an example, so that mixtures are learned too: the loss is the
mean of the losses of the classes, weighted by their shares.
"""

import math

import torch
from torch import nn
from torch.nn import functional

#: Angles are kept so far from 0 and pi, where their slope is infinite.
_EDGE = 1e-7
#: No scale is smaller: of two classes the formula gives 0, with which nothing is learned [ours].
LEAST_SCALE = 1.0


class SoftmaxHead(nn.Module):
    """Cross-entropy of the softmax of a dense layer."""

    def __init__(self, size: int, classes: int):
        super().__init__()
        self.classify = nn.Linear(size, classes)

    def forward(self, embeddings: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
        """Return the mean loss of `embeddings` (example, size) and `shares` (example, class)."""
        return functional.cross_entropy(self.classify(embeddings), shares)


class _Angles(nn.Module):
    """Centres on the unit sphere, and the cosines of embeddings to them."""

    def __init__(self, size: int, centres: int, trained: bool = True):
        super().__init__()
        drawn = nn.init.xavier_uniform_(torch.empty(centres, size))
        if trained:
            self.centres = nn.Parameter(drawn)
        else:
            self.register_buffer("centres", drawn)

    def cosines(self, embeddings: torch.Tensor) -> torch.Tensor:
        """Return the cosines (example, centre) of `embeddings` (example, size)."""
        return functional.normalize(embeddings) @ functional.normalize(self.centres).T


class ArcFaceHead(_Angles):
    """Additive angular margin (Deng et al. 2019, equation 3), one centre a class.

    For an example of class y the loss is the cross-entropy of the softmax of s cos(theta_j), in
    which theta_y is larger by the margin m. Where theta_y + m would be beyond pi,
    cos(theta_y) - (1 - cos(m)) stands for its cosine: it goes on falling, from -1 [ours].

    Parameters
    ----------
    size, classes : int
    scale, margin : float
        s, and m in radians.
    """

    def __init__(self, size: int, classes: int, scale: float = 30.0, margin: float = 0.5):
        super().__init__(size, classes)
        self._scale, self._margin = scale, margin

    def forward(self, embeddings: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
        """Return the mean loss of `embeddings` (example, size) and `shares` (example, class)."""
        cosines = self.cosines(embeddings)
        plain, behind = self._scale * cosines, self._scale * self._with_margin(cosines)
        # Of each class as the true one: all others as they are, it alone behind the margin.
        own = torch.eye(plain.shape[1], dtype=torch.bool, device=plain.device)
        others = plain[:, None].masked_fill(own, -torch.inf).logsumexp(2)
        losses = torch.logaddexp(others, behind) - behind
        return (shares * losses).sum(1).mean()

    def _with_margin(self, cosines: torch.Tensor) -> torch.Tensor:
        angles = torch.acos(cosines.clamp(-1 + _EDGE, 1 - _EDGE))
        beyond = cosines - (1 - math.cos(self._margin))
        return torch.where(
            angles + self._margin <= math.pi, torch.cos(angles + self._margin), beyond
        )


def first_scale(centres: int) -> float:
    """Return the scale that AdaCos begins with, and keeps where it is fixed, for so many centres.

    sqrt(2) log(centres - 1) (Zhang et al. 2019, "AdaCos: adaptively scaling cosine logits for
    effectively learning deep face representations"); of sub-clusters, all of all classes count
    (Wilkinghoff 2021). At least `LEAST_SCALE`.

    Examples
    --------
    >>> round(first_scale(17), 3)
    3.921
    """
    return max(math.sqrt(2) * math.log(max(centres - 1, 1)), LEAST_SCALE)


def next_scale(
    scale: torch.Tensor, cosines: torch.Tensor, shares: torch.Tensor, clusters: int
) -> torch.Tensor:
    """Return the scale of AdaCos after a batch, from the one before it.

    log(B) / cos(min(pi / 4, theta)), where theta is the median over the batch of the angle between
    an example and its class, and B the mean over the batch of the sum of exp(s cos(theta_j)). With
    one centre a class the sum leaves out the example's own (Zhang et al. 2019), with sub-clusters
    it does not (Wilkinghoff 2021, released code). Of several angles, those of a mixture and of
    sub-clusters, the mean counts, a class with its share [ours for sub-clusters]. At least
    `LEAST_SCALE`.

    Parameters
    ----------
    scale : tensor
        Of no dimension.
    cosines : tensor (example, class · cluster)
        The clusters of a class one after the other.
    shares : tensor (example, class)
    clusters : int
        Centres of each class.
    """
    logits = scale * cosines
    if clusters == 1:
        logits = logits.masked_fill(shares > 0, -torch.inf)
    summed = torch.logsumexp(logits.flatten(), 0) - math.log(len(cosines))
    angles = torch.acos(cosines.clamp(-1 + _EDGE, 1 - _EDGE))
    angles = angles.unflatten(1, (-1, clusters)).mean(2)
    middle = (shares * angles).sum(1).quantile(0.5)
    found = summed / torch.cos(middle.clamp(max=math.pi / 4))
    return found.clamp(min=LEAST_SCALE)


class AdaCosHead(_Angles):
    """Sub-cluster AdaCos: several centres a class, and a scale that follows by itself.

    The probability of a class is the sum of those of its centres, in the softmax of s cos(theta)
    over all centres of all classes (Wilkinghoff 2021, "Sub-cluster AdaCos: learning representations
    for anomalous sound detection"). With one centre a class it is AdaCos (Zhang et al.
    2019).

    Parameters
    ----------
    size, classes : int
    clusters : int
        Centres of each class.
    dynamic : bool
        Whether the scale changes with every batch in training (`next_scale`), or stays.
    trained : bool
        Whether the centres are learned, or stay where they were drawn (Wilkinghoff 2023).
    """

    def __init__(
        self,
        size: int,
        classes: int,
        clusters: int = 16,
        dynamic: bool = True,
        trained: bool = False,
    ):
        super().__init__(size, classes * clusters, trained)
        self._clusters, self._dynamic = clusters, dynamic
        self.register_buffer("scale", torch.tensor(first_scale(classes * clusters)))

    def forward(self, embeddings: torch.Tensor, shares: torch.Tensor) -> torch.Tensor:
        """Return the mean loss of `embeddings` (example, size) and `shares` (example, class)."""
        cosines = self.cosines(embeddings)
        if self.training and self._dynamic:
            with torch.no_grad():
                self.scale.copy_(next_scale(self.scale, cosines, shares, self._clusters))
        logs = (self.scale * cosines).log_softmax(1).unflatten(1, (-1, self._clusters))
        return -(shares * logs.logsumexp(2)).sum(1).mean()
