"""What networks share that tell normal from abnormal clips: loss and score."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
import wrapt
from pydantic import Field

from mimii_bench.systems.learning.moments import bin_moments
from mimii_bench.systems.learning.network import NetworkSystem
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    from torch import nn

torch = wrapt.lazy_import("torch")
labelled = wrapt.lazy_import("mimii_bench.systems.learning.labelled")
shared_layers = wrapt.lazy_import("mimii_bench.systems.networks.layers")


class ClipClassifier(NetworkSystem):
    """A supervised system: it learns from normal and abnormal clips which is which.

    The loss is the cross-entropy of two classes, the score of a clip the softmax probability of
    `abnormal` (report kim-ims-cnn, sections 3.2 and 5-2), so that .5 is the threshold of the
    likelier class. A subclass says in `_network` which network its options describe:
    one that takes a tensor (clip, frame, bin) per input and returns logits (clip, 2), and whose
    `standardise` scales the bins of the first input.
    """

    learns = "label"

    class Options(NetworkSystem.Options):
        """How it is trained."""

        # Whole clips, in which the maps of a network take a megabyte each, not windows.
        micro_batch: Annotated[
            int,
            Field(
                ge=1,
                description="Clips that are in memory at once; larger batches add up gradients.",
            ),
        ] = 128

    @classmethod
    def working_memory(cls, options: Mapping, shapes: Sequence[tuple[int, int]]) -> float:
        """Return the MB that a training takes beside the frames of its clips."""
        chosen = cls.Options(**options)
        most = chosen.batch_size or chosen.micro_batch
        frames, bins = shapes[0]
        # Of a batch: clips, their maps, and what goes back.
        return cls.working_mb + min(most, chosen.micro_batch) * frames * bins * 120 / 1e6

    def __init__(self, **options):
        super().__init__(**options)
        self._moments: tuple[np.ndarray, np.ndarray] | None = None

    @abstractmethod
    def _network(self, inputs: int) -> nn.Module:
        """Return the network for a first input of `inputs` bins."""

    def _build(self, inputs: int, generator: torch.Generator) -> nn.Module:
        network = shared_layers.drawn_from(generator, lambda: self._network(inputs))
        if self._moments is not None:
            network.standardise.set_to(*self._moments)
        return network

    def fit(
        self,
        frames: np.ndarray,
        labels: np.ndarray,
        validation: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> Self:
        """Train on normal and abnormal clips.

        Parameters
        ----------
        frames : ndarray (clip, frame, bin)
        labels : ndarray (clip,)
            `normal` or `abnormal`.
        validation : tuple of ndarray, optional
            Clips and labels that only watch the loss.

        Raises
        ------
        UserError
            When one label is missing or the loss stops being a number.
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
        training = labelled.labelled_clips(inputs, labels)
        if len(training.classes.unique()) < 2:
            raise UserError(
                f"all {len(labels)} training clips are {labels[0] if len(labels) else 'missing'}; "
                "a supervised system needs a split that trains on both, as stratified_random does"
            )
        watched = labelled.labelled_clips(validation[:-1], validation[-1]) if validation else None
        self._inputs = inputs[0].shape[2]
        self._moments = bin_moments(inputs[0])
        self._train(training, watched)

    def _loss(self, *examples: torch.Tensor) -> torch.Tensor:
        *inputs, classes = examples
        return torch.nn.functional.cross_entropy(self._net(*inputs), classes)

    def score(self, clips: Iterable[tuple[np.ndarray, ...]]) -> dict[str, np.ndarray]:
        """Return, as `score`, the probability of `abnormal` of each clip, of shape (clip,)."""
        with torch.inference_mode():
            return {"score": np.array([self._probability(clip) for clip in clips])}

    def _probability(self, clip: tuple[np.ndarray, ...]) -> float:
        inputs = (torch.from_numpy(frames[None]).to(self.device) for frames in clip)
        return probability(self._net(*inputs)).item()


def probability(logits: torch.Tensor) -> torch.Tensor:
    """Return the probability (clip,) of the class `abnormal`, for `logits` (clip, 2).

    In 64 bits, in which it reaches 1 a good deal later.
    """
    return logits.double().softmax(1)[:, 1]
