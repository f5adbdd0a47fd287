"""Models on disk: plain arrays (safetensors) and a JSON description; nothing is unpickled.

NumPy only: systems without a network do not wait for torch. Those with one use `saving`.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from mimii_bench.util.atomic import replacing
from mimii_bench.util.errors import UserError


def save_model(
    system,
    arrays: dict[str, np.ndarray],
    weights: Path,
    description: Path,
    *,
    inputs: int,
    library: str,
    device: str = "cpu",
) -> None:
    """Write `arrays` to `weights`, and to `description` the system's options, seed and sizes.

    `library` is the package that computes with them; its version is written down, and the `device`
    that it did so on.
    """
    with replacing(weights) as part:
        part.write_bytes(save(arrays))
    facts = {
        "system": type(system).__name__,
        "options": system.options,
        "seed": system.seed,
        "inputs": inputs,
        "parameters": system.parameters,
        "layers": system.layers,
        "device": device,
        library: version(library),
    }
    with replacing(description) as part:
        part.write_text(json.dumps(facts, indent=2) + "\n")


def load_model(weights: Path, description: Path) -> tuple[dict[str, np.ndarray], dict]:
    """Return the arrays and the description; raises UserError for a damaged model."""
    try:
        return load_file(weights), json.loads(Path(description).read_text())
    except (SafetensorError, json.JSONDecodeError) as error:
        raise UserError(f"{weights}: damaged model ({error}); delete it and run again") from error
