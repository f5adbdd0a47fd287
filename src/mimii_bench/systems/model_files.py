"""Models on disk: plain arrays (safetensors) and a JSON description; nothing is unpickled.

NumPy only: systems without a network do not wait for torch. Those with one use `learning.saving`.
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
    """Write what a system has learned, and what rebuilds it.

    Parameters
    ----------
    system : System
    arrays : dict of str to ndarray
        To `weights`.
    weights, description : path
    inputs : int or dict
        The size of the examples, or all else that it took from the training clips.
    library : str
        The package that computes with the arrays; its version is written down.
    device : str
        Where it did.
    """
    write_arrays(arrays, weights)
    facts = {"inputs": inputs, "device": device, library: version(library)}
    write_description(system, description, **facts)


def write_arrays(arrays: dict[str, np.ndarray], weights: Path) -> None:
    """Write `arrays` as safetensors."""
    with replacing(weights) as part:
        part.write_bytes(save(arrays))


def write_description(system, description: Path, **facts) -> None:
    """Write as JSON a system's name, options, seed and sizes, and the other `facts`."""
    known = {
        "system": type(system).__name__,
        "options": system.options.model_dump(),
        "seed": system.seed,
        "parameters": system.parameters,
        "layers": system.layers,
    }
    with replacing(description) as part:
        part.write_text(json.dumps(known | facts, indent=2) + "\n")


def load_model(weights: Path, description: Path) -> tuple[dict[str, np.ndarray], dict]:
    """Return the arrays and the description.

    Raises
    ------
    UserError
        For a damaged model.
    """
    try:
        return load_file(weights), json.loads(Path(description).read_text())
    except (SafetensorError, json.JSONDecodeError) as error:
        raise UserError(f"{weights}: damaged model ({error}); delete it and run again") from error
