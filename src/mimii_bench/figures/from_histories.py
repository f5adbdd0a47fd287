"""Losses of a training, epoch by epoch."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from mimii_bench.util.records import read_sealed

_LOSSES = ("loss", "validation_loss")


class History(NamedTuple):
    """One network's losses, each of shape (epoch,); the last may be NaN throughout.

    `name` tells networks apart that were trained together, e.g. `alpha 0.1`; else it is empty.
    """

    title: str
    name: str
    epoch: np.ndarray
    loss: np.ndarray
    validation_loss: np.ndarray


def read(parts: Iterable[Mapping]) -> list[list[History]]:
    """Return the networks of each part, whose `history` is the path of a history file.

    A damaged one is a UserError.
    """
    return [_read_part(part) for part in parts]


def _read_part(part: Mapping) -> list[History]:
    networks: dict[str, list[list[float]]] = {}
    for row in read_sealed(part["history"]):
        numbers = [float(row.pop(key)) for key in ("epoch", *_LOSSES)]
        networks.setdefault(", ".join(f"{k} {v}" for k, v in row.items()), []).append(numbers)
    return [History(part["title"], name, *np.array(rows).T) for name, rows in networks.items()]
