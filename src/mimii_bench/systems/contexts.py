"""Windows of consecutive frames, as a view: every frame is held once."""

import numpy as np
import torch


class Contexts:
    """All windows of `size` frames of a set of clips, each a vector of size · bins numbers.

    `frames` has shape (clip, frame, bin) and stays the only copy: a window is `size` neighbouring
    rows of it, so the vectors are overlapping rows of one strided view, and only those of the
    current batch are ever copied. A window never spans two clips.
    """

    def __init__(self, frames: np.ndarray, size: int):
        clips, length, bins = frames.shape
        self.per_clip = length - size + 1
        self.width = size * bins
        flat = torch.from_numpy(np.ascontiguousarray(frames)).view(-1)
        self._view = flat.as_strided((clips * length - size + 1, self.width), (bins, 1))
        self._length = length
        self._clips = clips

    def __len__(self) -> int:
        return self._clips * self.per_clip

    def take(self, indices: torch.Tensor) -> torch.Tensor:
        """Return the vectors (index, size · bins) at `indices` in [0, len(self))."""
        clip = torch.div(indices, self.per_clip, rounding_mode="floor")
        return self._view[clip * self._length + indices % self.per_clip]

    def clip(self, index: int) -> torch.Tensor:
        """Return all vectors of one clip, of shape (per_clip, size · bins), as a view."""
        start = index * self._length
        return self._view[start : start + self.per_clip]
