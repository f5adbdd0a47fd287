"""From a recording to a verdict, window by window: memory does not grow with its length."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mimii_bench.audio.levels import Levels
from mimii_bench.audio.streams import Stream, opened, stream_of_bytes
from mimii_bench.detector.description import WindowFacts
from mimii_bench.detector.detector import Detector, scores_of
from mimii_bench.detector.front_end import check_alive
from mimii_bench.detector.hearing import Heard
from mimii_bench.detector.windows import of_windows, piece_starts, pieces
from mimii_bench.util.errors import UserError

#: A recording that lacks so small a share of a window has a whole one.
_LACKING = 0.01


class Span(NamedTuple):
    """Seconds from the beginning of a recording, and a score."""

    start: float
    end: float
    score: float


@dataclass(frozen=True)
class Verdict:
    """What a detector says of a recording.

    Attributes
    ----------
    name : str
    seconds : float
        How long it is.
    score, threshold : float
        It is anomalous where its score is above.
    anomalous : bool
    windows : list of Span
        The score of each window.
    trace : list of Span
        Of each piece of a window; empty where the system tells no seconds.
    trace_threshold : float
        Above which a piece looks anomalous; infinite where there are none.
    remark : str
        What is odd in the recording.
    """

    name: str
    seconds: float
    score: float
    threshold: float
    windows: list[Span]
    trace: list[Span]
    trace_threshold: float
    remark: str

    @property
    def anomalous(self) -> bool:
        """Whether its score is above the threshold."""
        return self.score > self.threshold

    @property
    def windows_above(self) -> int:
        """How many windows are above the threshold."""
        return sum(window.score > self.threshold for window in self.windows)

    @property
    def spans(self) -> list[tuple[float, float]]:
        """The seconds that look anomalous, from and to, those that touch as one.

        They are the pieces above their threshold, and, of a window above its own in which no piece
        is, the whole.
        """
        found = [piece for piece in self.trace if piece.score > self.trace_threshold]
        starts = [piece.start for piece in found]
        for window in self.windows:
            next_one = bisect_left(starts, window.start)
            inside = next_one < len(starts) and starts[next_one] < window.end
            if window.score > self.threshold and not inside:
                found.append(window)
        joined: list[tuple[float, float]] = []
        for start, end, _ in sorted(found):
            if joined and start <= joined[-1][1]:
                first, last = joined.pop()
                start, end = first, max(end, last)
            joined.append((start, end))
        return joined


@dataclass
class Judge:
    """Judges recordings by a detector.

    Attributes
    ----------
    detector : Detector
    threshold : float, optional
        In the place of the model's, for whole windows.
    any_window : bool
        One window above it is enough, however many a recording has.
    seconds : bool
        Whether the pieces of a window are scored too, which tell seconds; it takes longer.
    """

    detector: Detector
    threshold: float | None = None
    any_window: bool = False
    seconds: bool = True

    def file(self, path: Path | str, name: str = "", seen: Callable | None = None) -> Verdict:
        """Return the verdict on a recording in a file or pipe; see `audio.streams.opened`.

        Parameters
        ----------
        path : path
        name : str
            What it is called.
        seen : function of (Stream, Heard), optional
            Is shown each window on the way.
        """
        with opened(path, name) as stream:
            return self.stream(stream, seen)

    def data(self, data: bytes, name: str = "recording") -> Verdict:
        """Return the verdict on a recording whose file is in memory."""
        return self.stream(stream_of_bytes(data, name))

    def stream(self, stream: Stream, seen: Callable | None = None) -> Verdict:
        """Return the verdict on a recording.

        Raises
        ------
        UserError
            For one that the front end refuses, that is silent, or too short.
        """
        levels = Levels()
        windows: list[Span] = []
        trace: list[Span] = []
        chosen = self.detector.windows[0]
        for heard in self.detector.hearing.listen(stream, levels):
            chosen = self._window_of(heard, stream.name)
            own, fine = self._scores(heard, chosen)
            windows += own
            trace += fine
            if seen:
                seen(stream, heard)
        check_alive(levels, self.detector.mixes, stream.name)
        return self._verdict(stream, chosen, windows, trace, levels)

    def _verdict(
        self,
        stream: Stream,
        chosen: WindowFacts,
        windows: list[Span],
        trace: list[Span],
        levels: Levels,
    ) -> Verdict:
        facts = self.detector.facts
        remarks = list(levels.remarks())
        if chosen is not self.detector.windows[0]:
            own = "" if self.threshold is None else ", by the model's threshold for these"
            remarks.append(f"judged in windows of {chosen.seconds:.3g} s{own}")
        if stream.sample_rate not in facts.training.sample_rates:
            known = ", ".join(map(str, facts.training.sample_rates))
            remarks.append(f"sampled at {stream.sample_rate} Hz, learned from {known} Hz")
        rate = facts.rule.false_alarm_rate
        score = of_windows([window.score for window in windows], rate, self.any_window)
        given = self.threshold is not None and chosen is self.detector.windows[0]
        return Verdict(
            stream.name,
            stream.seconds,
            score,
            self.threshold if given else chosen.threshold,
            windows,
            trace,
            self.detector.trace.threshold if self.detector.trace else float("inf"),
            "; ".join(remarks),
        )

    def _window_of(self, heard: Heard, name: str) -> WindowFacts:
        """Return the longest window that a stretch has room for."""
        whole = self.detector.facts.window
        if heard.samples >= whole * (1 - _LACKING):
            return self.detector.windows[0]
        frames = len(heard.inputs[0])
        for window in self.detector.windows[1:]:
            if window.frames <= frames:
                return window
        rate = self.detector.front_end.sample_rate
        least = self.detector.windows[-1].seconds
        raise UserError(
            f"{name}: lasts {heard.samples / rate:.3g} s, and the model needs {least:.3g} s or "
            "more; record longer, or fit with a shorter --window"
        )

    def _scores(self, heard: Heard, chosen: WindowFacts) -> tuple[list[Span], list[Span]]:
        """Return the scores of a stretch: of its windows of the chosen length, and its pieces."""
        detector = self.detector
        fine = detector.trace if self.seconds else None
        frames = len(heard.inputs[0])
        whole = chosen is detector.windows[0]
        size, starts = (frames, [0]) if whole else (chosen.frames, None)
        clips = [heard.inputs] if whole else list(pieces(heard.inputs, size, size))
        starts = starts or piece_starts(frames, size, size)
        count = len(clips)
        if fine:
            clips += pieces(heard.inputs, fine.frames, fine.hop)
        scores = scores_of(detector.system, detector.kind, clips)
        spans = self._spans(heard, starts, size, scores[:count])
        if not fine:
            return spans, []
        starts = piece_starts(frames, fine.frames, fine.hop)
        return spans, self._spans(heard, starts, fine.frames, scores[count:])

    def _spans(
        self, heard: Heard, starts: Sequence[int], size: int, scores: np.ndarray
    ) -> list[Span]:
        """Return scores with their seconds; frames lie evenly over a stretch."""
        rate = self.detector.front_end.sample_rate
        begin, step = heard.start / rate, heard.samples / rate / len(heard.inputs[0])
        return [
            Span(round(begin + start * step, 3), round(begin + (start + size) * step, 3), float(s))
            for start, s in zip(starts, scores, strict=True)
        ]
