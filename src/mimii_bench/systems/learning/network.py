"""What systems made of trained networks share: options, training, saving, windows."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
import torch
from torch import nn

from mimii_bench.systems.learning.checkpoint import Checkpoint
from mimii_bench.systems.learning.loop import (
    Epoch,
    Examples,
    Schedule,
    make_repeatable,
    pick_device,
    train_on,
)
from mimii_bench.systems.learning.saving import load_tensors, save_tensors
from mimii_bench.systems.learning.windows import Contexts, Windows, training_and_watched


class NetworkSystem:
    """A system whose state is that of one `torch.nn.Module`.

    A subclass says in `_build` which network its options describe and in `_loss` what it learns,
    and has `fit` and `score`.

    Parameters
    ----------
    options : dict
        Those of the subclass.
    seed : int
        Of all that is random: initial weights, the order of the batches, what a loss draws.
    device : {"auto", "cpu", "cuda"}
    schedule
        See `mimii_bench.systems.learning.loop.Schedule`.

    Attributes
    ----------
    history_ : list of Epoch
        Losses after `fit`.
    checkpoint : Checkpoint, optional
        What an interrupted training goes on from; see `go_on_from`.
    """

    #: The column of a manifest that `fit` is given as targets: `id`, `label` or nothing.
    learns: str | None = None

    def __init__(self, options: dict, *, seed: int = 0, device: str = "cpu", **schedule):
        self.schedule = Schedule(**schedule)
        self.options = options | schedule
        self.seed = seed
        self.device = pick_device(device)
        make_repeatable(self.device)
        self.checkpoint: Checkpoint | None = None
        self._generator = torch.Generator()
        self.history_: list[Epoch] = []

    def go_on_from(self, path: Path, seconds: float) -> None:
        """Keep checkpoints at `path`, so many seconds apart, and let `fit` go on from the last."""
        self.checkpoint = Checkpoint(path, seconds)

    def _build(self, inputs: int, generator: torch.Generator) -> nn.Module:
        """Return the network for examples of `inputs` numbers, on the CPU."""
        raise NotImplementedError

    def _train(self, training: Examples, watched: Examples | None = None) -> None:
        """Build the network and train it on the loss of the subclass."""
        self._generator.manual_seed(self.seed)
        self._net = self._build(self._inputs, self._generator).to(self.device)
        self.history_ = train_on(
            self._net,
            self._loss,
            training,
            watched,
            self.schedule,
            self._generator,
            self.checkpoint,
        )

    def _loss(self, *examples: torch.Tensor) -> torch.Tensor:
        """Return the mean loss of a batch of examples, one tensor per input."""
        raise NotImplementedError

    @property
    def parameters(self) -> int:
        """The number of trained weights."""
        return sum(p.numel() for p in self._net.parameters())

    @property
    def layers(self) -> dict[str, int]:
        """The trained weights of each layer, as `linear_1`, `linear_2`, `batchnorm1d_1`, ..."""
        found: dict[str, int] = {}
        kinds: Counter[str] = Counter()
        for module in self._net.modules():
            own = sum(p.numel() for p in module.parameters(recurse=False))
            if own:
                kind = type(module).__name__.lower()
                kinds[kind] += 1
                found[f"{kind}_{kinds[kind]}"] = own
        return found

    def save(self, weights: Path, description: Path) -> None:
        """Write the network as plain tensors and what rebuilds it as JSON."""
        save_tensors(self, self._net.state_dict(), weights, description, self._inputs)

    @classmethod
    def load(cls, weights: Path, description: Path, device: str = "cpu") -> Self:
        """Read back what `save` wrote, ready to score."""
        state, facts = load_tensors(weights, description)
        system = cls(**facts["options"], seed=facts["seed"], device=device)
        system._inputs = facts["inputs"]
        system._net = system._build(system._inputs, torch.Generator())
        system._net.load_state_dict(state)
        system._net.to(system.device).eval()
        return system


class WindowSystem(NetworkSystem):
    """A system that learns windows of `context` frames.

    Parameters
    ----------
    options : dict
        Those of the subclass.
    context : int
        Frames per window.
    validation_fraction : float
        Share of the windows held out to watch the loss: the last ones, before shuffling. Only
        where `fit` is given no validation clips.
    common
        See `NetworkSystem`.
    """

    def __init__(
        self, options: dict, *, context: int = 5, validation_fraction: float = 0.0, **common
    ):
        windows = {"context": context, "validation_fraction": validation_fraction}
        super().__init__(options | windows, **common)

    def _windows(
        self, inputs: Sequence[np.ndarray], validation: Sequence[np.ndarray] | None
    ) -> tuple[Windows, Windows]:
        fraction = self.options["validation_fraction"]
        training, watched = training_and_watched(
            inputs, validation, self.options["context"], fraction
        )
        self._inputs = training.inputs[0].width
        return training, watched

    def _fit(
        self, inputs: Sequence[np.ndarray], validation: Sequence[np.ndarray] | None
    ) -> Windows:
        """Train the network on the windows of `inputs`, and return these."""
        training, watched = self._windows(inputs, validation)
        self._train(training, watched)
        return training


class Autoencoder(WindowSystem):
    """A system that reconstructs the windows of one input and scores what is left over."""

    def fit(self, frames: np.ndarray, validation: tuple[np.ndarray] | None = None) -> Self:
        """Train on the normal clips `frames`, of shape (clip, frame, bin).

        `validation` holds clips of the same kind that only watch the loss. Raises UserError when
        the loss stops being a number.
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
        return Contexts(frames[None], self.options["context"]).clip(0).to(self.device)

    def _error(self, frames: np.ndarray) -> float:
        """Return the mean squared error of one clip (frame, bin)."""
        windows = self._views(frames)
        return nn.functional.mse_loss(self._reconstruct(windows), windows).item()

    def reconstruct(self, frames: np.ndarray) -> np.ndarray:
        """Return the reconstructed windows (window, size, bin) of one clip (frame, bin)."""
        with torch.inference_mode():
            found = self._reconstruct(self._views(frames)).cpu().numpy()
        return found.reshape(len(found), self.options["context"], -1)


def drawn_from(generator: torch.Generator, build: Callable[[], nn.Module]) -> nn.Module:
    """Return `build()` with the initial weights, torch's defaults, drawn from `generator`.

    Torch draws them from its global generator, which is lent for that and put back.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.set_state(generator.get_state())
        network = build()
        generator.set_state(torch.default_generator.get_state())
    return network


def normalised_layers(
    sizes: Sequence[int], *, linear_output: bool, **batch_norm: float
) -> list[nn.Module]:
    """Return dense layers of the given `sizes`, each with batch normalisation and ReLU.

    With `linear_output`, the last one has neither.
    """
    layers: list[nn.Module] = []
    for wide, narrow in pairwise(sizes):
        layers += [
            nn.Linear(wide, narrow),
            nn.BatchNorm1d(narrow, **batch_norm),
            nn.ReLU(inplace=True),
        ]
    return layers[:-2] if linear_output else layers
