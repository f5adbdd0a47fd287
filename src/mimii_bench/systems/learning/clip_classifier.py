"""What networks that tell normal from abnormal clips share: labels, loss and score."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

import numpy as np
import torch
from torch import nn

from mimii_bench.systems.learning.network import NetworkSystem, drawn_from
from mimii_bench.systems.learning.standardise import bin_moments
from mimii_bench.util.errors import UserError


class LabelledClips(NamedTuple):
    """Whole clips of one or several inputs, and their classes: 0 normal, 1 abnormal."""

    inputs: tuple[torch.Tensor, ...]
    classes: torch.Tensor
    indices: torch.Tensor

    def take(self, indices: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the clips (index, frame, bin) of every input, and last their classes (index,)."""
        return (*(frames[indices] for frames in self.inputs), self.classes[indices])


def labelled_clips(inputs: Sequence[np.ndarray], labels: np.ndarray) -> LabelledClips:
    """Return the clips of `inputs`, each (clip, frame, bin), with their `labels` (clip,).

    Raises UserError for a label that is neither `normal` nor `abnormal`.
    """
    unknown = sorted(set(map(str, labels)) - {"normal", "abnormal"})
    if unknown:
        raise UserError(f"label {unknown[0]!r} is neither normal nor abnormal; mend the manifest")
    clips = tuple(torch.from_numpy(np.ascontiguousarray(frames)) for frames in inputs)
    classes = torch.from_numpy((np.asarray(labels) == "abnormal").astype(np.int64))
    return LabelledClips(clips, classes, torch.arange(len(classes)))


class ClipClassifier(NetworkSystem):
    """A supervised system: it learns from normal and abnormal clips which is which.

    The loss is the cross-entropy of two classes, the score of a clip the softmax probability of
    `abnormal` (report kim-ims-cnn, sections 3.2 and 5-2), so that .5 is the threshold of the
    likelier class. A subclass says in `_network` which network its options describe:
    one that takes a tensor (clip, frame, bin) per input and returns logits (clip, 2), and whose
    `standardise` scales the bins of the first input.
    """

    learns = "label"

    def __init__(self, options: dict, *, micro_batch: int = 128, **common):
        # Whole clips, in which the maps of a network take a megabyte each, not windows.
        super().__init__(options, micro_batch=micro_batch, **common)
        self._moments: tuple[np.ndarray, np.ndarray] | None = None

    def _network(self, inputs: int) -> nn.Module:
        """Return the network for a first input of `inputs` bins."""
        raise NotImplementedError

    def _build(self, inputs: int, generator: torch.Generator) -> nn.Module:
        network = drawn_from(generator, lambda: self._network(inputs))
        if self._moments is not None:
            network.standardise.set_to(*self._moments)
        return network

    def fit(
        self,
        frames: np.ndarray,
        labels: np.ndarray,
        validation: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> Self:
        """Train on clips (clip, frame, bin) and their `labels` (clip,), `normal` or `abnormal`.

        `validation` holds clips and labels that only watch the loss. Raises UserError when one
        label is missing or the loss stops being a number.
        """
        self._fit((frames,), labels, validation)
        return self

    def _fit(
        self,
        inputs: Sequence[np.ndarray],
        labels: np.ndarray,
        validation: Sequence[np.ndarray] | None,
    ) -> None:
        """Train on the clips of `inputs`; `validation`, labels last, watches the loss."""
        training = labelled_clips(inputs, labels)
        if len(training.classes.unique()) < 2:
            raise UserError(
                f"all {len(labels)} training clips are {labels[0] if len(labels) else 'missing'}; "
                "a supervised system needs a split that trains on both, as stratified_random does"
            )
        watched = labelled_clips(validation[:-1], validation[-1]) if validation else None
        self._inputs = inputs[0].shape[2]
        self._moments = bin_moments(inputs[0])
        self._train(training, watched)

    def _loss(self, *examples: torch.Tensor) -> torch.Tensor:
        *inputs, classes = examples
        return nn.functional.cross_entropy(self._net(*inputs), classes)

    def score(self, clips: Iterable[tuple[np.ndarray, ...]]) -> dict[str, np.ndarray]:
        """Return, as `score`, the probability of `abnormal` of each clip, of shape (clip,)."""
        with torch.inference_mode():
            return {"score": np.array([self._probability(clip) for clip in clips])}

    def _probability(self, clip: tuple[np.ndarray, ...]) -> float:
        inputs = (torch.from_numpy(frames[None]).to(self.device) for frames in clip)
        # In 64 bits, in which a probability reaches 1 a good deal later.
        return self._net(*inputs).double().softmax(1)[0, 1].item()


def convolutions(
    channels: Sequence[int], kernels: Sequence[int], strides: Sequence[tuple[int, int]]
) -> list[nn.Module]:
    """Return convolutions from 1 channel over `channels`, each batch-normalised and with ReLU.

    `kernels` are the sides of the square kernels, padded by half; `strides` are pairs over
    (frame, bin).
    """
    layers: list[nn.Module] = []
    wide = [1, *channels]
    for before, after, kernel, stride in zip(wide, channels, kernels, strides, strict=False):
        layers += [
            nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
        ]
    return layers
