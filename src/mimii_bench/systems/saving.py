"""Networks on disk: their tensors by `model_files`."""

from pathlib import Path

import torch

from mimii_bench.systems.model_files import load_model, save_model


def save_tensors(
    system, state: dict[str, torch.Tensor], weights: Path, description: Path, inputs: int
) -> None:
    """Write `state` to `weights`, and to `description` the system's options, seed and sizes."""
    arrays = {name: tensor.cpu().contiguous().numpy() for name, tensor in state.items()}
    save_model(system, arrays, weights, description, inputs=inputs, library="torch")


def load_tensors(weights: Path, description: Path) -> tuple[dict[str, torch.Tensor], dict]:
    """Return the tensors and the description; raises UserError for a damaged model."""
    arrays, facts = load_model(weights, description)
    return {name: torch.from_numpy(array) for name, array in arrays.items()}, facts
