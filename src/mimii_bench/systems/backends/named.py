"""Back ends by name, and the options of all of them."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import Field

from mimii_bench.systems.backends.base import BackEnd
from mimii_bench.systems.backends.densities import (
    Covariance,
    MixtureSurprisal,
    ShrunkMahalanobis,
    SubspaceResidual,
)
from mimii_bench.systems.backends.references import Density, ReferenceDistance
from mimii_bench.systems.backends.rescaling import GroupRescaled
from mimii_bench.util.options import Options, each_once

Name = Literal[
    "knn",
    "knn_cosine",
    "knn_density",
    "knn_cosine_density",
    "knn_rescaled",
    "means",
    "means_density",
    "mahalanobis",
    "mixture",
    "subspace",
]


class BackEndOptions(Options):
    """Which back ends score, and how."""

    back_ends: Annotated[
        list[Name],
        each_once("back end"),
        Field(
            min_length=1,
            description="Each gives a kind of score of its name; one alone is called score. "
            "Distance to the nearest clips (knn: Euclidean) or to the nearest cluster mean (means: "
            "cosine), each also normalised by local density; knn_rescaled: the least distance of "
            "several groups of clips, each on the group's own scale; Mahalanobis distance under a "
            "covariance after Ledoit and Wolf; surprisal under a mixture of normal distributions; "
            "distance from the subspace of the first principal components.",
        ),
    ] = ["knn"]
    neighbours: Annotated[
        int, Field(ge=1, description="Of knn: how many distances are averaged; all where fewer.")
    ] = 1
    density: Annotated[
        Density,
        Field(
            description="Whether a distance is divided by the local density, or that subtracted."
        ),
    ] = "ratio"
    local: Annotated[
        int,
        Field(
            ge=1,
            description="Local density: mean distance of a reference to so many nearest others.",
        ),
    ] = 4
    groups: Annotated[
        int,
        Field(
            ge=1,
            le=10_000,
            description="Of knn_rescaled: groups that k-means finds; at most one for "
            "each two clips.",
        ),
    ] = 2
    clusters: Annotated[
        int, Field(ge=1, le=10_000, description="Of means: clusters; at most one a clip.")
    ] = 16
    components: Annotated[
        int,
        Field(ge=1, le=10_000, description="Of mixture: distributions; at most one a clip."),
    ] = 2
    covariance: Annotated[
        Covariance,
        Field(description="Of mixture: form of the covariances, by scikit-learn's names."),
    ] = "diag"
    regularisation: Annotated[
        float, Field(ge=0, description="Of mixture: added to the covariances' diagonals.")
    ] = 1e-3
    variance: Annotated[
        float,
        Field(gt=0, le=1, description="Of subspace: share of the variance that it must hold."),
    ] = 0.9


def _references(metric: str, *, density: bool = False, means: bool = False):
    """Return what makes the distance to references of options and a seed."""

    def make(options: BackEndOptions, seed: int) -> BackEnd:
        return ReferenceDistance(
            metric,
            neighbours=1 if means else options.neighbours,
            clusters=options.clusters if means else None,
            density=options.density if density else None,
            local=options.local,
            seed=seed,
        )

    return make


def _rescaled(options: BackEndOptions, seed: int) -> BackEnd:
    return GroupRescaled("euclidean", options.neighbours, options.groups, seed)


def _mixture(options: BackEndOptions, seed: int) -> BackEnd:
    return MixtureSurprisal(options.components, options.covariance, options.regularisation, seed)


_MAKERS: Mapping[str, Callable[[BackEndOptions, int], BackEnd]] = {
    "knn": _references("euclidean"),
    "knn_cosine": _references("cosine"),
    "knn_density": _references("euclidean", density=True),
    "knn_cosine_density": _references("cosine", density=True),
    "knn_rescaled": _rescaled,
    "means": _references("cosine", means=True),
    "means_density": _references("cosine", means=True, density=True),
    "mahalanobis": lambda options, seed: ShrunkMahalanobis(),
    "mixture": _mixture,
    "subspace": lambda options, seed: SubspaceResidual(options.variance),
}


def make_back_ends(options: BackEndOptions, seed: int) -> dict[str, BackEnd]:
    """Return the back ends that options name, not yet fitted, by the kinds of their scores.

    Parameters
    ----------
    options : BackEndOptions
    seed : int
        Of k-means and mixtures.
    """
    names = options.back_ends
    kinds = ["score"] if len(names) == 1 else names
    return {k: _MAKERS[name](options, seed) for k, name in zip(kinds, names, strict=True)}
