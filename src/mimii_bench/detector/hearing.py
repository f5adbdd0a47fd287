"""From a recording to what a system is given: frames of each input, window by window."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mimii_bench.audio.levels import Levels
from mimii_bench.audio.streams import Stream
from mimii_bench.detector.front_end import FrontEnd
from mimii_bench.detector.windows import cut
from mimii_bench.features.base import Feature


class Heard(NamedTuple):
    """One window of a recording.

    Attributes
    ----------
    start, samples : int
        Where it begins and how long it is, at the front end's rate.
    inputs : tuple of ndarray (frame, bin)
        What the system is given, an array per input.
    sound : ndarray (sample,)
        The first mix.
    """

    start: int
    samples: int
    inputs: tuple[np.ndarray, ...]
    sound: np.ndarray


@dataclass(frozen=True)
class Hearing:
    """The front end, and the feature and mix of each input.

    Attributes
    ----------
    front_end : FrontEnd
    features : sequence of Feature
        For recordings of the front end's rate.
    mixes : sequence of str
    window : int
        Samples in a window.
    """

    front_end: FrontEnd
    features: Sequence[Feature]
    mixes: Sequence[str]
    window: int

    def listen(self, stream: Stream, levels: Levels) -> Iterator[Heard]:
        """Yield the windows of a recording; `levels` learns how loud it is on the way."""
        blocks = self.front_end.heard(stream, self.mixes, levels)
        for start, samples in cut(blocks, self.window):
            inputs = tuple(
                feature.transform(mix) for feature, mix in zip(self.features, samples, strict=True)
            )
            yield Heard(start, samples.shape[1], inputs, samples[0])

    @property
    def frames(self) -> int | None:
        """Frames in a window; None where the inputs differ in them."""
        found = {feature.frames(self.window) for feature in self.features}
        return found.pop() if len(found) == 1 else None
