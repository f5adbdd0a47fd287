"""Where an interrupted training leaves its checkpoints: beside its outputs, undeclared."""

import hashlib
import json
import os
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path


def checkpoint_path(
    weights: Path | str, settings: object, read: Iterable[Path | str], large: Iterable[Path | str]
) -> Path:
    """Return the file for the checkpoints of the training that will write `weights`.

    Its name is a hash of the training's settings, of the content of the files it reads, and of
    size and date of the `large` ones among them.
    """
    dates = [(str(file), os.stat(file).st_size, os.stat(file).st_mtime_ns) for file in large]
    facts = json.dumps([settings, dates, version("torch")], sort_keys=True)
    found = hashlib.blake2b(facts.encode(), digest_size=8)
    for file in read:
        found.update(Path(file).read_bytes())
    return Path(weights).with_suffix(f".{found.hexdigest()}.checkpoint")


def remove_checkpoints(weights: Path | str) -> None:
    """Delete all checkpoints of trainings that would write `weights`."""
    weights = Path(weights)
    for file in weights.parent.glob(f"{weights.stem}.*.checkpoint*"):
        file.unlink()
