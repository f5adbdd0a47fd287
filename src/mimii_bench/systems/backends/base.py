"""What a back end is: it is given reference vectors, and scores others by them."""

from abc import ABC, abstractmethod
from typing import Self

import numpy as np


class BackEnd(ABC):
    """Scores vectors, higher = farther from the reference vectors.

    Vectors are taken as they are; whoever wants them standardised does so before.
    """

    @abstractmethod
    def fit(self, vectors: np.ndarray) -> Self:
        """Learn from reference vectors.

        Parameters
        ----------
        vectors : ndarray (clip, dimension)

        Raises
        ------
        ValueError
            Where it cannot do with so few, or with these numbers.
        """

    @abstractmethod
    def score(self, vectors: np.ndarray) -> np.ndarray:
        """Return the scores (clip,) of `vectors` (clip, dimension)."""

    @abstractmethod
    def training_scores(self) -> np.ndarray:
        """Return the scores (clip,) of the reference vectors themselves.

        Where a score is a distance to single references, none counts as its own neighbour.
        """
