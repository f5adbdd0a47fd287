"""Networks on disk: their tensors by `model_files`."""

from pathlib import Path

import torch

from mimii_bench.systems.model_files import load_model, save_model


def save_tensors(
    system, state: dict[str, torch.Tensor], weights: Path, description: Path, inputs: int
) -> None:
    """Write `state` to `weights`, and to `description` what `save_model` does."""
    arrays = {name: tensor.cpu().contiguous().numpy() for name, tensor in state.items()}
    facts = {"library": "torch", "device": _named(system.device)}
    save_model(system, arrays, weights, description, inputs=inputs, **facts)


def _named(device: torch.device) -> str:
    """Return the device's type, and of CUDA its name: results differ between kinds of GPU."""
    if device.type == "cpu":
        return "cpu"
    return f"{device.type}: {torch.cuda.get_device_name(device)}"


def load_tensors(weights: Path, description: Path) -> tuple[dict[str, torch.Tensor], dict]:
    """Return the tensors and the description, as `model_files.load_model` does the arrays."""
    arrays, facts = load_model(weights, description)
    return {name: torch.from_numpy(array) for name, array in arrays.items()}, facts
