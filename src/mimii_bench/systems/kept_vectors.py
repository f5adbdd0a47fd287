"""What systems share whose model is the vectors of their training clips."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from mimii_bench.systems.base import System
from mimii_bench.systems.model_files import load_model, save_model


class KeptVectors(System):
    """A system that is saved as one vector of each training clip, and fitted to them again.

    Attributes
    ----------
    vectors_ : ndarray (clip, dimension)
        Of the training clips.
    """

    #: What fits again, whose version the saved model names.
    library: ClassVar[str]
    vectors_: np.ndarray

    @abstractmethod
    def _take(self, vectors: np.ndarray) -> None:
        """Fit to the vectors (clip, dimension) of the training clips."""

    @property
    def parameters(self) -> int:
        """How many numbers the saved model holds: those of the training clips' vectors."""
        return self.vectors_.size

    @property
    def layers(self) -> dict[str, int]:
        """The same numbers under the name that they are saved by."""
        return {"vectors": self.parameters}

    def save(self, weights: Path, description: Path) -> None:
        """Write the training clips' vectors as a plain array, the options and the seed as JSON."""
        arrays = {"vectors": self.vectors_}
        inputs = self.vectors_.shape[1]
        save_model(self, arrays, weights, description, inputs=inputs, library=self.library)

    @classmethod
    def load(cls, weights: Path, description: Path, device: str = "cpu") -> Self:
        """Read back what `save` wrote, fitted again and ready to score.

        Raises
        ------
        UserError
            For a damaged model.
        """
        arrays, facts = load_model(weights, description)
        system = cls(**facts["options"], seed=facts["seed"], device=device)
        system._take(arrays["vectors"])
        return system
