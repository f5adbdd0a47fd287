"""Windows of consecutive frames, as a view: every frame is held once."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch

from mimii_bench.systems.learning.loop import room_on
from mimii_bench.util.errors import UserError

_CPU = torch.device("cpu")


class Contexts:
    """All windows of `size` frames of a set of clips, each a vector of size · bins numbers.

    `frames` has shape (clip, frame, bin) and stays the only copy: a window is `size` neighbouring
    rows of it, so the vectors are overlapping rows of one strided view, and only those of the
    current batch are ever copied. A window never spans two clips. They lie on `device` where there
    is room for them, from where batches need not go there one by one.
    """

    def __init__(self, frames: np.ndarray, size: int, device: torch.device = _CPU):
        clips, length, bins = frames.shape
        if length < size:
            raise UserError(
                f"a clip of {length} frames is shorter than a window of {size}; "
                "lower context in the system's options in report.yaml"
            )
        self.per_clip = length - size + 1
        self.width = size * bins
        flat = torch.from_numpy(np.ascontiguousarray(frames)).view(-1)
        flat = flat.to(device) if flat.nbytes <= room_on(device) else flat
        self._view = flat.as_strided((clips * length - size + 1, self.width), (bins, 1))
        self._length = length
        self._clips = clips

    def __len__(self) -> int:
        return self._clips * self.per_clip

    def take(self, indices: torch.Tensor) -> torch.Tensor:
        """Return the vectors (index, size · bins) at `indices` in [0, len(self))."""
        indices = indices.to(self._view.device)
        clip = torch.div(indices, self.per_clip, rounding_mode="floor")
        return self._view.index_select(0, clip * self._length + indices % self.per_clip)

    def clip(self, index: int) -> torch.Tensor:
        """Return all vectors of one clip, of shape (per_clip, size · bins), as a view."""
        start = index * self._length
        return self._view[start : start + self.per_clip]


class Windows(NamedTuple):
    """Windows of one or several inputs at the same indices: those that train, or those watched."""

    inputs: tuple[Contexts, ...]
    indices: torch.Tensor

    def take(self, indices: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the vectors (index, size · bins) of every input at `indices`."""
        return tuple(contexts.take(indices) for contexts in self.inputs)


def windows_of(inputs: Sequence[np.ndarray], size: int, device: torch.device = _CPU) -> Windows:
    """Return all windows of `size` frames of `inputs`, each of shape (clip, frame, bin).

    On `device` as many inputs as there is room for.

    Raises
    ------
    UserError
        When the inputs do not have the same clips and frames.
    """
    shapes = {frames.shape[:2] for frames in inputs}
    if len(shapes) > 1:
        raise UserError(f"the inputs differ in their clips or frames: {sorted(shapes)}")
    contexts = tuple(Contexts(frames, size, device) for frames in inputs)
    return Windows(contexts, torch.arange(len(contexts[0])))


def training_and_watched(
    inputs: Sequence[np.ndarray],
    validation: Sequence[np.ndarray] | None,
    size: int,
    fraction: float,
    order: torch.Generator | None = None,
    device: torch.device = _CPU,
) -> tuple[Windows, Windows]:
    """Return the windows that train, and those that only watch the loss.

    Parameters
    ----------
    inputs : sequence of ndarray (clip, frame, bin)
    validation : sequence of ndarray, optional
        Clips of the same inputs, all windows of which are watched. Where there are none, it is
        the last `fraction` of the windows of `inputs`, in the order of the clips.
    size : int
        Frames per window.
    fraction : float
    order : torch.Generator, optional
        Puts the windows in a random order first.
    device : torch.device
        Where they lie, as far as there is room.

    Raises
    ------
    UserError
        When the inputs do not have the same clips and frames, or no window is left to train on.
    """
    training = windows_of(inputs, size, device)
    if validation is not None:
        return training, windows_of(validation, size, device)
    kept = int(len(training.indices) * (1 - fraction)) if fraction else len(training.indices)
    if not kept:
        raise UserError(
            f"options.validation_fraction: {fraction} leaves none of {len(training.indices)} "
            "windows to train on; lower it"
        )
    indices = training.indices
    if order is not None and fraction:
        indices = indices[torch.randperm(len(indices), generator=order)]
    parts = indices[:kept], indices[kept:]
    return Windows(training.inputs, parts[0]), Windows(training.inputs, parts[1])
