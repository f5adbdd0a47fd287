"""Segments of consecutive frames: random ones to train on, mixed or not, and those that score.

Every frame is held once; of the segments, only those of the current batch are copied. What is
random is drawn when a batch is taken, in the order of the batches, from the generator of the
training: one seed gives the same segments, and a training that goes on from a checkpoint those
that it would have had.
"""

import numpy as np
import torch

from mimii_bench.systems.learning.windows import Contexts
from mimii_bench.util.errors import UserError


def segment_starts(length: int, size: int) -> list[int]:
    """Return where the segments that cover `length` frames begin, the last aligned with the end.

    Raises
    ------
    UserError
        When there are fewer frames than one segment has.

    Examples
    --------
    >>> segment_starts(10, 4)
    [0, 4, 6]
    """
    if length < size:
        raise UserError(
            f"a clip of {length} frames is shorter than a segment of {size}; "
            "lower frames in the system's options in report.yaml"
        )
    starts = list(range(0, length - size + 1, size))
    return starts if (length - size) % size == 0 else [*starts, length - size]


def covering(frames: np.ndarray, size: int) -> torch.Tensor:
    """Return the segments (segment, size, bin) that cover a clip (frame, bin)."""
    clip = torch.from_numpy(frames)
    return torch.stack([clip[start : start + size] for start in segment_starts(len(clip), size)])


class _Segments:
    """Segments of `frames` (clip, frame, bin) by clip and start; `targets` (clip, class)."""

    def __init__(self, frames: np.ndarray, targets: torch.Tensor, size: int):
        self._starts = segment_starts(frames.shape[1], size)
        self._size, self._targets = size, targets
        self._windows = Contexts(frames, size)

    def _cut(self, clips: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
        flat = self._windows.take(clips * self._windows.per_clip + starts)
        return flat.view(len(clips), self._size, -1)


class Covering(_Segments):
    """The segments that cover each clip: examples to watch the loss on, the same every time.

    Parameters
    ----------
    frames : ndarray (clip, frame, bin)
        Real or complex.
    targets : tensor (clip, class)
        The share of every class in a clip.
    size : int
        Frames per segment.
    """

    def __init__(self, frames: np.ndarray, targets: torch.Tensor, size: int):
        super().__init__(frames, targets, size)
        self.indices = torch.arange(len(frames) * len(self._starts))

    def take(self, indices: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return segments (index, size, bin) and their targets (index, class)."""
        clips = torch.div(indices, len(self._starts), rounding_mode="floor")
        starts = torch.tensor(self._starts)[indices % len(self._starts)]
        return self._cut(clips, starts), self._targets[clips]


class Crops(_Segments):
    """One segment per clip and epoch, from a random start (report complex-net, section IV-B).

    Parameters
    ----------
    frames, targets, size
        See `Covering`.
    generator : torch.Generator
        Of the starts.
    """

    def __init__(
        self,
        frames: np.ndarray,
        targets: torch.Tensor,
        size: int,
        generator: torch.Generator,
    ):
        super().__init__(frames, targets, size)
        self._generator = generator
        self.indices = torch.arange(len(frames))

    def take(self, indices: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return new segments (index, size, bin) of the clips at `indices`, and their targets."""
        return self._crop(indices), self._targets[indices]

    def _crop(self, clips: torch.Tensor) -> torch.Tensor:
        return self._cut(clips, self._draw(self._windows.per_clip, len(clips)))

    def _draw(self, below: int, count: int) -> torch.Tensor:
        return torch.randint(below, (count,), generator=self._generator)


class Mixtures(Crops):
    """Random convex combinations of one segment of every class (Giri et al. 2020).

    The weights are uniform over all that are positive and sum to 1 (Dirichlet(1) [ours]), and they
    are the target. In an epoch each clip stands once for its class; those of the other classes are
    drawn at random [ours]. Needs targets that are 1 for one class.
    """

    def __init__(
        self,
        frames: np.ndarray,
        targets: torch.Tensor,
        size: int,
        generator: torch.Generator,
    ):
        super().__init__(frames, targets, size, generator)
        self._class_of = targets.argmax(1)
        self._members = [torch.nonzero(column).flatten() for column in targets.T]

    def take(self, indices: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return mixtures (index, size, bin) and the weights (index, class) of their parts."""
        drawn = torch.empty(len(indices), len(self._members))
        weights = drawn.exponential_(generator=self._generator)
        weights /= weights.sum(1, keepdim=True)
        mixed = torch.zeros(())
        for place, members in enumerate(self._members):
            others = members[self._draw(len(members), len(indices))]
            clips = torch.where(self._class_of[indices] == place, indices, others)
            mixed = mixed + weights[:, place, None, None] * self._crop(clips)
        return mixed, weights
