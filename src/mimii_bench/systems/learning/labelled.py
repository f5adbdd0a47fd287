"""Whole clips and their labels, as examples to learn from."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch

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
    """Return clips as examples.

    Parameters
    ----------
    inputs : sequence of ndarray (clip, frame, bin)
    labels : ndarray (clip,)

    Raises
    ------
    UserError
        For a label that is neither `normal` nor `abnormal`.
    """
    unknown = sorted(set(map(str, labels)) - {"normal", "abnormal"})
    if unknown:
        raise UserError(f"label {unknown[0]!r} is neither normal nor abnormal; mend the manifest")
    clips = tuple(torch.from_numpy(np.ascontiguousarray(frames)) for frames in inputs)
    classes = torch.from_numpy((np.asarray(labels) == "abnormal").astype(np.int64))
    return LabelledClips(clips, classes, torch.arange(len(classes)))
