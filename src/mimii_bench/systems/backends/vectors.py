"""What systems share that make one vector of a clip and leave the rest to back ends."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar, NamedTuple, Self

import numpy as np
from pydantic import Field

from mimii_bench.systems.backends.named import BackEndOptions, make_back_ends
from mimii_bench.systems.base import System
from mimii_bench.systems.kept_vectors import KeptVectors
from mimii_bench.systems.pooling import vector_moments
from mimii_bench.util.errors import UserError


class MeanScore(NamedTuple):
    """The mean score of the clips that one back end was given.

    `validation_score` is NaN where there are no validation clips.
    """

    back_end: str
    clips: int
    training_score: float
    validation_score: float


class VectorSystem(KeptVectors):
    """A clip becomes one vector, and back ends score the vectors.

    A subclass says in `_vector` what the vector of a clip is. It computes on the CPU, whatever the
    device. A saved model holds the vectors of the training clips, from which `load` fits the same
    back ends again.

    Attributes
    ----------
    history_ : list of MeanScore
        One entry per back end, after `fit`.
    vectors_ : ndarray (clip, dimension)
        Of the training clips.
    mean_, deviation_ : ndarray (dimension,)
        What vectors are standardised by.
    back_ends_ : dict of str to BackEnd
        Fitted, by the kinds of their scores.
    """

    library = "numpy"
    working_mb: ClassVar[float] = 210

    class Options(System.Options, BackEndOptions):
        """How vectors are scored."""

        standardise: Annotated[
            bool,
            Field(description="Shift and scale each number of a vector by the training clips."),
        ] = True

    def fit(self, frames: np.ndarray, *others: np.ndarray, validation: tuple | None = None) -> Self:
        """Fit to normal clips.

        Parameters
        ----------
        frames, *others : ndarray (clip, frame, bin)
            One per input.
        validation : tuple of ndarray, optional
            Clips of the same kind that are only scored, for `history_`.

        Raises
        ------
        UserError
            For clips with numbers that are not finite or inputs that are not what the system
            takes, and where a back end cannot do with these clips or options.
        """
        self._take(self._vectors(zip(frames, *others, strict=True)))
        watched = self._watched(validation)
        self.history_ = [
            MeanScore(
                kind,
                len(self.vectors_),
                float(back_end.training_scores().mean()),
                float(watched[kind].mean()) if watched else np.nan,
            )
            for kind, back_end in self.back_ends_.items()
        ]
        return self

    def _watched(self, validation: Sequence[np.ndarray] | None) -> dict[str, np.ndarray]:
        return {} if validation is None else self.score(zip(*validation, strict=True))

    def score(self, clips: Iterable[tuple[np.ndarray, ...]]) -> dict[str, np.ndarray]:
        """Return one number per clip, of shape (clip,), by each of the back ends."""
        vectors = self._standardised(self._vectors(clips))
        return {kind: back_end.score(vectors) for kind, back_end in self.back_ends_.items()}

    @abstractmethod
    def _vector(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        """Return the vector (dimension,) of a clip, of an array (frame, bin) per input."""

    def _vectors(self, clips: Iterable[tuple[np.ndarray, ...]]) -> np.ndarray:
        found = [self._vector(inputs) for inputs in clips]
        if not found:
            return np.empty((0, len(self.mean_)))
        sizes = {len(vector) for vector in found}
        if len(sizes) > 1:
            raise UserError(
                f"{type(self).__name__}: clips have vectors of {sorted(sizes)} numbers; what is "
                "pooled over bins needs clips of one length: pool over time alone"
            )
        vectors = np.array(found, float)
        if not np.isfinite(vectors).all():
            raise UserError(
                f"{type(self).__name__}: a clip holds numbers that are not finite; "
                "look for damaged clips"
            )
        return vectors

    def _take(self, vectors: np.ndarray) -> None:
        self.vectors_ = vectors
        self.mean_, self.deviation_ = vector_moments(vectors)
        self.back_ends_ = make_back_ends(self.options, self.seed)
        names = self.options.back_ends
        for name, back_end in zip(names, self.back_ends_.values(), strict=True):
            try:
                back_end.fit(self._standardised(vectors))
            except ValueError as error:
                raise UserError(
                    f"{type(self).__name__}: the back end {name} cannot fit {len(vectors)} clips "
                    f"with the options {self.options.model_dump()}: {error}"
                ) from error

    def _standardised(self, vectors: np.ndarray) -> np.ndarray:
        if not self.options.standardise or not len(vectors):
            return vectors
        return (vectors - self.mean_) / self.deviation_
