"""A page of spectrograms with scores over time, in one file that needs no other."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mimii_bench.audio.streams import Stream
from mimii_bench.corpus.base import shown
from mimii_bench.detector.card import hears
from mimii_bench.detector.detector import Detector
from mimii_bench.detector.hearing import Heard
from mimii_bench.detector.scoring import Span, Verdict
from mimii_bench.detector.templating import render
from mimii_bench.features.logmel import LogMel
from mimii_bench.features.mel import hz_to_mel, mel_to_hz
from mimii_bench.figures.canvas import LABEL_COLOURS, SPECTRUM_COLOURS, STYLE, panels
from mimii_bench.util.atomic import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Columns of a spectrogram, at most: what lies beyond no screen shows.
_COLUMNS = 1200
_BANDS = 64
#: Seconds in a frame.
_FRAME = 0.064
_SIZE = (9.0, 1.9)
#: Decibels below the loudest that are drawn.
_RANGE = 80.0


@dataclass(frozen=True)
class _Section:
    """One recording on the page."""

    name: str
    verdict: str
    score: str
    threshold: str
    seconds: str
    remark: str
    picture: str


class Pictures:
    """Draws recordings while they are scored.

    Parameters
    ----------
    detector : Detector
    """

    def __init__(self, detector: Detector):
        self._detector = detector
        rate = detector.front_end.sample_rate
        n_fft = 2 ** max(round(np.log2(_FRAME * rate)), 4)
        self._logmel = LogMel(n_mels=_BANDS, n_fft=n_fft, hop=n_fft // 2, sample_rate=rate)
        self._sections: list[_Section] = []
        self._columns: list[np.ndarray] = []
        self._edges: list[float] = [0.0]

    def begin(self) -> Callable[[Stream, Heard], None]:
        """Return what is to be shown each window of the next recording."""
        self._columns, self._edges = [], [0.0]
        return self._see

    def _see(self, stream: Stream, heard: Heard) -> None:
        rate = self._detector.front_end.sample_rate
        frames = self._logmel.transform(heard.sound)
        begin, end = heard.start / rate, (heard.start + heard.samples) / rate
        # The last window begins within the one before.
        known = round(len(frames) * (self._edges[-1] - begin) / (end - begin))
        fresh = frames[min(known, len(frames) - 1) :]
        windows = max(round(stream.seconds * rate / self._detector.facts.window), 1)
        count = min(max(_COLUMNS // windows, 1), len(fresh))
        self._columns += [part.mean(axis=0) for part in np.array_split(fresh, count)]
        self._edges += np.linspace(self._edges[-1], end, count + 1)[1:].tolist()

    def end(self, verdict: Verdict) -> None:
        """Draw the recording whose windows were shown."""
        spans = ", ".join(f"{start:.6g} to {end:.6g} s" for start, end in verdict.spans)
        self._sections.append(
            _Section(
                shown(verdict.name),
                "anomalous" if verdict.anomalous else "normal",
                f"{verdict.score:.5g}",
                f"{verdict.threshold:.5g}",
                spans or "none",
                verdict.remark,
                base64.b64encode(self._drawn(verdict)).decode(),
            )
        )

    def write(self, path: Path | str) -> None:
        """Write the page of all recordings that were drawn."""
        facts = self._detector.facts
        text = render("scores.html.j2", sections=self._sections, facts=facts, heard=hears(facts))
        with replacing(path) as part:
            part.write_text(text, encoding="utf-8")

    def _drawn(self, verdict: Verdict) -> bytes:
        from matplotlib import style

        with style.context(["default", STYLE], after_reset=True):
            figure, axes = panels(2, 1, _SIZE, sharex=True)
            self._draw_spectrogram(axes[0, 0])
            _draw_scores(axes[1, 0], verdict)
            axes[1, 0].set_xlim(0, self._edges[-1])
            file = io.BytesIO()
            figure.savefig(file, format="png", backend="agg", dpi=110, metadata={"Software": None})
            return file.getvalue()

    def _draw_spectrogram(self, axes: Axes) -> None:
        power = np.array(self._columns).T
        top = float(power.max())
        axes.pcolormesh(
            self._edges,
            np.arange(_BANDS + 1),
            power,
            cmap=SPECTRUM_COLOURS,
            vmin=max(float(power.min()), top - _RANGE),
            vmax=top,
        )
        rate = self._detector.front_end.sample_rate
        places = [0, _BANDS // 2, _BANDS]
        hertz = mel_to_hz(np.linspace(0, hz_to_mel(rate / 2, "slaney"), len(places)), "slaney")
        axes.set_yticks(places, [f"{one / 1000:.2g}" for one in hertz])
        axes.set_ylabel("kHz")


def _draw_scores(axes: Axes, verdict: Verdict) -> None:
    """Draw windows as steps and pieces as a line, each with its threshold, and what is above."""
    normal, anomalous = LABEL_COLOURS["normal"], LABEL_COLOURS["abnormal"]
    for start, end in verdict.spans:
        axes.axvspan(start, end, color=anomalous, alpha=0.2, linewidth=0)
    if verdict.trace:
        times = [(piece.start + piece.end) / 2 for piece in verdict.trace]
        scores = [piece.score for piece in verdict.trace]
        axes.plot(times, scores, color=normal, linewidth=0.9, label="seconds")
        axes.axhline(verdict.trace_threshold, color=normal, linestyle=":", linewidth=0.9)
    _draw_steps(axes, verdict.windows)
    axes.axhline(verdict.threshold, color="black", linestyle="--", linewidth=0.9)
    axes.set_xlabel("s")
    axes.set_ylabel("score")
    axes.legend(loc="upper right", ncols=2)


def _draw_steps(axes: Axes, windows: list[Span]) -> None:
    axes.hlines(
        [window.score for window in windows],
        [window.start for window in windows],
        [window.end for window in windows],
        color="black",
        label="windows",
    )
