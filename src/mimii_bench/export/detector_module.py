"""A whole detector as one module of torch: from samples, or from frames, to a score."""

import numpy as np
import torch
from torch import nn

from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.detector.detector import Detector
from mimii_bench.export.backends import VectorScorer
from mimii_bench.export.classical import PooledScorer
from mimii_bench.export.front_ends import can_express, front_end, mixed
from mimii_bench.export.networks import (
    ClipScorer,
    IdScorer,
    LearnedSincScorer,
    RecurrentScorer,
    WindowScorer,
)
from mimii_bench.features.base import Feature
from mimii_bench.systems.backends.vectors import VectorSystem
from mimii_bench.systems.base import System
from mimii_bench.systems.classical import PooledSystem
from mimii_bench.systems.cnn_lstm import CnnLstm
from mimii_bench.systems.discriminative_embedding import DiscriminativeEmbedding
from mimii_bench.systems.id_classifier import IdClassifier
from mimii_bench.systems.learned_sinc_cnn import LearnedSincCnn
from mimii_bench.systems.learning.autoencoder import WindowSystem
from mimii_bench.systems.learning.clip_classifier import ClipClassifier
from mimii_bench.util.errors import UserError

#: The module for a system is that of the first of these classes that it is of.
_SCORERS = (
    (PooledSystem, PooledScorer),
    (VectorSystem, VectorScorer),
    (WindowSystem, WindowScorer),
    (LearnedSincCnn, LearnedSincScorer),
    (CnnLstm, RecurrentScorer),
    (ClipClassifier, ClipScorer),
    (IdClassifier, IdScorer),
)


class FromFrames(nn.Module):
    """The score of a clip by its frames: inputs (frame, bin), and the place of the id if learned.

    Complex frames are pairs (frame, bin, 2).
    """

    def __init__(self, detector: Detector):
        super().__init__()
        self.scorer = scorer(detector.system, detector.kind)
        self.takes_id = getattr(detector.system, "learns", None) == "id"

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return the score, without dimension, in double precision."""
        return self.scorer(*inputs).double()


class FromSamples(FromFrames):
    """The score of a clip by its samples (channel, sample), and the place of the id if learned."""

    def __init__(self, detector: Detector):
        super().__init__(detector)
        self._mixes = [parse_mix(name) for name in detector.mixes]
        self.front_ends = nn.ModuleList(front_end(feature) for feature in detector.features)

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return the score, without dimension, in double precision."""
        samples, *id = inputs
        frames = [
            feature(mixed(mix, samples))
            for mix, feature in zip(self._mixes, self.front_ends, strict=True)
        ]
        return super().forward(*frames, *id)


def scorer(system: System, kind: str) -> nn.Module:
    """Return the module that scores the frames of a clip as a system does.

    Raises
    ------
    UserError
        For an embedding, and for a system of a class from outside, of which only it knows how it
        scores.
    """
    for known, module in _SCORERS:
        if isinstance(system, known):
            return module(system, kind)
    if isinstance(system, DiscriminativeEmbedding):
        raise UserError("DiscriminativeEmbedding: embeddings are not exported; take another system")
    raise UserError(
        f"{type(system).__name__}: a system from outside has no converter to ONNX; "
        "export it with the tools of its own library"
    )


def module_of(detector: Detector) -> FromFrames:
    """Return the module of a detector, in evaluation mode: from samples where that can be."""
    whole = all(map(can_express, detector.features))
    return (FromSamples if whole else FromFrames)(detector).eval()


def least_samples(detector: Detector, frames: int = 1) -> int:
    """Return the length of the shortest clip that its graph takes, or that has so many frames."""
    frames = max(frames, _frames_needed(detector.system))
    return max(_least(feature, frames) for feature in detector.features)


def _frames_needed(system: System) -> int:
    """Return how many frames a clip must have."""
    if isinstance(system, WindowSystem):
        return system.options.context
    return system.options.frames if isinstance(system, IdClassifier) else 1


def _least(feature: Feature, frames: int) -> int:
    """Return how many samples make so many frames."""
    options = feature.options
    size = getattr(options, "n_fft", 1)
    return size + (frames - 1) * getattr(options, "hop", 1)


def frames_of(detector: Detector, samples: np.ndarray) -> list[np.ndarray]:
    """Return the frames of a clip (channel, sample) as the system is given them, once per input."""
    return [
        feature.transform(apply_mix(parse_mix(mix), samples.T))
        for mix, feature in zip(detector.mixes, detector.features, strict=True)
    ]
