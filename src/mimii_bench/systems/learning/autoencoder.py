"""What systems share that learn windows of frames, and those that reconstruct them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Annotated, Literal, Self

import numpy as np
import wrapt
from pydantic import Field

from mimii_bench.systems.learning.network import NetworkSystem
from mimii_bench.util.seeds import stable_seed

torch = wrapt.lazy_import("torch")
windowing = wrapt.lazy_import("mimii_bench.systems.learning.windows")

#: Widths of dense layers.
Widths = Annotated[
    list[Annotated[int, Field(ge=1, le=65_536)]], Field(min_length=1, max_length=100)
]


class WindowSystem(NetworkSystem):
    """A system that learns windows of consecutive frames."""

    class Options(NetworkSystem.Options):
        """Windows, and how it is trained."""

        context: Annotated[int, Field(ge=1, le=10_000, description="Frames per window.")] = 5
        validation_fraction: Annotated[
            float,
            Field(
                ge=0,
                lt=1,
                description="Share of the windows held out to watch the loss. Only where the "
                "split has no validation clips.",
            ),
        ] = 0.0
        held_out: Annotated[
            Literal["last", "random"],
            Field(
                description="Which windows these are: the last ones in the order of the clips, so "
                "that some clips do not train, or random ones of all clips."
            ),
        ] = "last"

    @classmethod
    def working_memory(cls, options: Mapping, shapes: Sequence[tuple[int, int]]) -> float:
        """Return the MB that a training takes beside the frames of its clips."""
        chosen = cls.Options(**options)
        most = chosen.batch_size or chosen.micro_batch
        windows = min(most, chosen.micro_batch) * chosen.context * sum(bins for _, bins in shapes)
        # Of the largest batches: windows, their layers, and what goes back.
        return cls.working_mb + windows * 26 / 1e6

    def _windows(
        self, inputs: Sequence[np.ndarray], validation: Sequence[np.ndarray] | None
    ) -> tuple[windowing.Windows, windowing.Windows]:
        options = self.options
        order = None
        if options.held_out == "random":
            order = torch.Generator().manual_seed(stable_seed(self.seed, "held out"))
        training, watched = windowing.training_and_watched(
            inputs,
            validation,
            options.context,
            options.validation_fraction,
            order,
            self.device,
        )
        self._inputs = training.inputs[0].width
        return training, watched

    def _fit(
        self, inputs: Sequence[np.ndarray], validation: Sequence[np.ndarray] | None
    ) -> windowing.Windows:
        """Train the network on the windows of `inputs`, and return these."""
        training, watched = self._windows(inputs, validation)
        self._train(training, watched)
        return training

    @abstractmethod
    def score_windows(self, *windows: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return every kind of score of one clip, each a tensor of no dimension.

        Nothing but torch computes here, and no branch depends on a number: what records the
        operations of a call (`mimii_bench.export`) has recorded those of every clip.

        Parameters
        ----------
        *windows : tensor (window, size · bins)
            All windows of the clip, once per input.
        """

    def score(self, clips: Iterable[tuple[np.ndarray, ...]]) -> dict[str, np.ndarray]:
        """Return the scores of the clips by the names that `score_windows` gives, each (clip,)."""
        with torch.inference_mode():
            found = [self._numbers(clip) for clip in clips]
        return {kind: np.array([scores[kind] for scores in found]) for kind in chain(*found[:1])}

    def _numbers(self, clip: tuple[np.ndarray, ...]) -> dict[str, float]:
        """Return the scores of one clip as numbers.

        Tensors that outlived it would lie among the memory of the next clip's windows, which then
        grows by megabytes a clip.
        """
        scores = self.score_windows(*self._views(*clip))
        return {kind: number.item() for kind, number in scores.items()}

    def _views(self, *clip: np.ndarray) -> tuple[torch.Tensor, ...]:
        """Return the windows (window, size · bins) of one clip, on the device, once per input."""
        views = windowing.windows_of([frames[None] for frames in clip], self.options.context)
        return tuple(contexts.clip(0).to(self.device) for contexts in views.inputs)


class Autoencoder(WindowSystem):
    """A system that reconstructs the windows of one input and scores what is left over."""

    def fit(self, frames: np.ndarray, validation: tuple[np.ndarray] | None = None) -> Self:
        """Train on normal clips.

        Parameters
        ----------
        frames : ndarray (clip, frame, bin)
        validation : tuple of one ndarray, optional
            Clips of the same kind that only watch the loss.

        Raises
        ------
        UserError
            When the loss stops being a number.
        """
        self._fit((frames,), validation)
        return self

    def score_windows(self, windows: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return, as `score`, the mean squared error of the windows of one clip."""
        return {"score": torch.nn.functional.mse_loss(self._reconstruct(windows), windows)}

    def _reconstruct(self, windows: torch.Tensor) -> torch.Tensor:
        """Return what the network makes of windows (window, size · bins), of the same shape."""
        return self._net(windows)

    def reconstruct(self, frames: np.ndarray) -> np.ndarray:
        """Return the reconstructed windows (window, size, bin) of one clip (frame, bin)."""
        with torch.inference_mode():
            found = self._reconstruct(*self._views(frames)).cpu().numpy()
        return found.reshape(len(found), self.options.context, -1)
