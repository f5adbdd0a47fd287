"""A detector: what hears, what scores, and above which score a recording is anomalous."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mimii_bench.audio.mixes import parse_mix
from mimii_bench.detector.description import Description, TraceFacts, WindowFacts
from mimii_bench.detector.front_end import FrontEnd
from mimii_bench.detector.hearing import Hearing
from mimii_bench.features.base import Feature
from mimii_bench.features.build import build_feature
from mimii_bench.systems.scoring import scores_by_kind
from mimii_bench.util.errors import UserError


@dataclass(frozen=True)
class Detector:
    """A fitted system with all that makes scores of a recording.

    Attributes
    ----------
    system : System
        Fitted.
    hearing : Hearing
        Front end and features.
    facts : Description
    """

    system: object
    hearing: Hearing
    facts: Description

    @property
    def features(self) -> Sequence[Feature]:
        """The feature of each input."""
        return self.hearing.features

    @property
    def mixes(self) -> Sequence[str]:
        """The mix of each input."""
        return self.hearing.mixes

    @property
    def front_end(self) -> FrontEnd:
        """What recordings must be like, and what is made of them."""
        return self.hearing.front_end

    @property
    def kind(self) -> str:
        """The kind of score that counts."""
        return self.facts.system.kind

    @property
    def threshold(self) -> float:
        """A window whose score is above it is anomalous."""
        return self.facts.windows[0].threshold

    @property
    def windows(self) -> Sequence[WindowFacts]:
        """Lengths that have a threshold, the longest first."""
        return self.facts.windows

    @property
    def trace(self) -> TraceFacts | None:
        """How seconds are told; None where only windows are."""
        return self.facts.trace

    @property
    def description(self) -> dict:
        """All that detector.json says."""
        return self.facts.model_dump()


def make_hearing(
    inputs: Sequence[Mapping], mixes: Sequence[str], front_end: FrontEnd, window: int
) -> Hearing:
    """Return the hearing of some inputs.

    Parameters
    ----------
    inputs : sequence of mapping
        Class and options of each input's feature.
    mixes : sequence of str
    front_end : FrontEnd
    window : int
        Samples in a window.

    Raises
    ------
    UserError
        For a feature that cannot be, or a mix of channels that there are not.
    """
    for name in mixes:
        if parse_mix(name).channels_needed > front_end.channels:
            raise UserError(
                f"the mix {name} needs {parse_mix(name).channels_needed} channels, and the "
                f"recordings have {front_end.channels}; choose another with --mix"
            )
    features = [build_feature(feature, front_end.sample_rate) for feature in inputs]
    return Hearing(front_end, features, list(mixes), window)


def scores_of(system: object, kind: str, clips: Iterable[tuple[np.ndarray, ...]]) -> np.ndarray:
    """Return one kind of score of clips, of shape (clip,).

    Raises
    ------
    UserError
        The system gives no such kind, or a score that is no number.
    """
    kinds = scores_by_kind(system, clips)
    if kind not in kinds:
        raise UserError(f"there is no score {kind!r}; --kind takes {', '.join(kinds)}")
    scores = np.asarray(kinds[kind], float)
    if not np.isfinite(scores).all():
        raise UserError("a score is no finite number; look for damaged recordings")
    return scores
