"""Dense autoencoder on windows of consecutive log-mel frames.

The network and training of the MIMII baseline's released code (Purohit et al. 2019): 5 frames of
64 bands, 320-64-64-8-64-64-320, ReLU, linear output, Adam, MSE. The code being Keras, so are the
initial weights (Glorot uniform, zero bias) and Adam's eps of 1e-7.
"""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn

from mimii_bench.systems.contexts import Contexts
from mimii_bench.systems.saving import load_tensors, save_tensors
from mimii_bench.systems.training import (
    Adam,
    Epoch,
    check_finite,
    pick_device,
    run_epoch,
    shuffled_batches,
)


class DenseAutoencoder:
    """Reconstructs windows of `context` frames; a clip's score is its mean squared error.

    Parameters
    ----------
    hidden : sequence of int
        Widths between input and output.
    context : int
        Frames per window.
    epochs, batch_size : int
    learning_rate : float
    validation_fraction : float
        Share of the windows held out to watch the loss: the last ones, before shuffling.
    seed : int
        Of the initial weights and the order of the batches.
    device : {"auto", "cpu", "cuda"}

    Attributes
    ----------
    history_ : list of Epoch
        Losses after `fit`.
    """

    def __init__(
        self,
        *,
        hidden: Iterable[int] = (64, 64, 8, 64, 64),
        context: int = 5,
        epochs: int = 50,
        batch_size: int = 512,
        learning_rate: float = 1e-3,
        validation_fraction: float = 0.1,
        seed: int = 0,
        device: str = "cpu",
    ):
        self.options = {
            "hidden": list(hidden),
            "context": context,
            "epochs": epochs,
            "batch_size": batch_size,
            "learning_rate": learning_rate,
            "validation_fraction": validation_fraction,
        }
        self.seed = seed
        self.device = pick_device(device)
        self.history_: list[Epoch] = []

    def fit(self, frames: np.ndarray) -> "DenseAutoencoder":
        """Train on the normal clips `frames`, of shape (clip, frame, bin).

        Raises UserError when the loss stops being a number.
        """
        options = self.options
        contexts = Contexts(frames, options["context"])
        generator = torch.Generator().manual_seed(self.seed)
        self._net = _network(contexts.width, options["hidden"], generator).to(self.device)
        optimiser = Adam(self._net.parameters(), options["learning_rate"], eps=1e-7)
        everything = torch.arange(len(contexts))
        kept = int(len(contexts) * (1 - options["validation_fraction"]))
        training, held_out = everything[:kept], everything[kept:]
        size = options["batch_size"]

        def loss_of(indices: torch.Tensor) -> torch.Tensor:
            batch = contexts.take(indices).to(self.device)
            return nn.functional.mse_loss(self._net(batch), batch)

        for epoch in range(1, options["epochs"] + 1):
            loss = run_epoch(shuffled_batches(training, size, generator), loss_of, optimiser)
            watched = run_epoch(held_out.split(size), loss_of, None)
            self.history_.append(check_finite(Epoch(epoch, loss, watched)))
        return self

    def score(self, clips: Iterable[tuple[np.ndarray]]) -> np.ndarray:
        """Return the mean squared reconstruction error of each clip, of shape (clip,)."""
        with torch.inference_mode():
            return np.array([self._error(frames) for (frames,) in clips])

    def _error(self, frames: np.ndarray) -> float:
        windows = Contexts(frames[None], self.options["context"]).clip(0).to(self.device)
        return nn.functional.mse_loss(self._net(windows), windows).item()

    @property
    def parameters(self) -> int:
        """The number of trained weights."""
        return sum(p.numel() for p in self._net.parameters())

    def save(self, weights: Path, description: Path) -> None:
        """Write the weights as plain tensors and what rebuilds the network as JSON."""
        save_tensors(self, self._net.state_dict(), weights, description, self._net[0].in_features)

    @classmethod
    def load(cls, weights: Path, description: Path, device: str = "cpu") -> "DenseAutoencoder":
        """Read back what `save` wrote, ready to score."""
        state, facts = load_tensors(weights, description)
        system = cls(**facts["options"], seed=facts["seed"], device=device)
        system._net = _network(facts["inputs"], facts["options"]["hidden"], torch.Generator())
        system._net.load_state_dict(state)
        system._net.to(system.device)
        return system


def _network(inputs: int, hidden: list[int], generator: torch.Generator) -> nn.Sequential:
    layers: list[nn.Module] = []
    for wide, narrow in pairwise([inputs, *hidden, inputs]):
        layer = nn.Linear(wide, narrow)
        nn.init.xavier_uniform_(layer.weight, generator=generator)
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])
