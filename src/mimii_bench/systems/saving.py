"""Models on disk: plain tensors (safetensors) and a JSON description; nothing is unpickled."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from mimii_bench.atomic import replacing
from mimii_bench.errors import UserError


def save_tensors(
    system, state: dict[str, torch.Tensor], weights: Path, description: Path, inputs: int
) -> None:
    """Write `state` to `weights`, and to `description` the system's options, seed and sizes."""
    tensors = {name: tensor.cpu().contiguous() for name, tensor in state.items()}
    with replacing(weights) as part:
        part.write_bytes(save(tensors))
    facts = {
        "system": type(system).__name__,
        "options": system.options,
        "seed": system.seed,
        "inputs": inputs,
        "parameters": system.parameters,
        "layers": system.layers,
        "torch": torch.__version__,
    }
    with replacing(description) as part:
        part.write_text(json.dumps(facts, indent=2) + "\n")


def load_tensors(weights: Path, description: Path) -> tuple[dict[str, torch.Tensor], dict]:
    """Return the tensors and the description; raises UserError for a damaged model."""
    try:
        return load_file(weights), json.loads(Path(description).read_text())
    except (SafetensorError, json.JSONDecodeError) as error:
        raise UserError(f"{weights}: damaged model ({error}); delete it and run again") from error
