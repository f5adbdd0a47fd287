"""What systems share that learn windows of frames, and those that reconstruct them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, Self

import lazy_loader
import numpy as np
from pydantic import Field

from mimii_bench.systems.learning.network import NetworkSystem
from mimii_bench.util.seeds import stable_seed

torch = lazy_loader.load("torch")
windowing = lazy_loader.load("mimii_bench.systems.learning.windows", suppress_warning=True)

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

    def _windows(
        self, inputs: Sequence[np.ndarray], validation: Sequence[np.ndarray] | None
    ) -> tuple[windowing.Windows, windowing.Windows]:
        options = self.options
        order = None
        if options.held_out == "random":
            order = torch.Generator().manual_seed(stable_seed(self.seed, "held out"))
        training, watched = windowing.training_and_watched(
            inputs, validation, options.context, options.validation_fraction, order
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

    def score(self, clips: Iterable[tuple[np.ndarray]]) -> dict[str, np.ndarray]:
        """Return, as `score`, the mean squared error of each clip, of shape (clip,)."""
        with torch.inference_mode():
            return {"score": np.array([self._error(frames) for (frames,) in clips])}

    def _reconstruct(self, windows: torch.Tensor) -> torch.Tensor:
        """Return what the network makes of windows (window, size · bins), of the same shape."""
        return self._net(windows)

    def _views(self, frames: np.ndarray) -> torch.Tensor:
        """Return the windows (window, size · bins) of one clip (frame, bin), on the device."""
        return windowing.Contexts(frames[None], self.options.context).clip(0).to(self.device)

    def _error(self, frames: np.ndarray) -> float:
        """Return the mean squared error of one clip (frame, bin)."""
        windows = self._views(frames)
        return torch.nn.functional.mse_loss(self._reconstruct(windows), windows).item()

    def reconstruct(self, frames: np.ndarray) -> np.ndarray:
        """Return the reconstructed windows (window, size, bin) of one clip (frame, bin)."""
        with torch.inference_mode():
            found = self._reconstruct(self._views(frames)).cpu().numpy()
        return found.reshape(len(found), self.options.context, -1)
