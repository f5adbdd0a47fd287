"""What detector.json says: all that makes scores of a recording, and where it comes from."""

from typing import Annotated, Any, Literal

from pydantic import Field

from mimii_bench.audio.mixes import channels_needed
from mimii_bench.detector.front_end import FrontEnd
from mimii_bench.util.options import Options

#: Raised when a reader of the last one would misunderstand.
FORMAT = 1
Name = Annotated[str, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=0, le=10**12)]
Positive = Annotated[int, Field(ge=1, le=10**9)]


class SystemFacts(Options):
    """Which system it is, and which of its scores counts."""

    name: Name
    class_name: Annotated[str, Field(pattern=r"^[a-z_0-9]+\.[A-Za-z_0-9]+$", max_length=200)]
    kind: Name
    summary: str = ""
    source: str = ""


class InputFacts(Options):
    """One input: a feature of one mix of the channels."""

    feature: Annotated[dict[str, Any], Field(description="Class and options.")]
    mix: Name


class WindowFacts(Options):
    """Windows of one length: the threshold of their scores."""

    frames: Positive
    seconds: Annotated[float, Field(gt=0)]
    threshold: float
    scores: Annotated[Count, Field(description="Of held-out normal windows, that it was fitted to")]


class TraceFacts(WindowFacts):
    """The pieces of a window that tell which seconds look anomalous."""

    hop: Positive


class RuleFacts(Options):
    """How thresholds were found."""

    name: Literal["gamma", "quantile"]
    false_alarm_rate: Annotated[float, Field(gt=0, lt=1)]
    fitted_on: str
    remark: str = ""


class TrainingFacts(Options):
    """What it learned from."""

    normal: Annotated[Count, Field(description="Recordings.")]
    abnormal: Annotated[Count, Field(description="Recordings that trained; 0 of most systems.")]
    windows: Count
    seconds: Annotated[float, Field(ge=0)]
    sample_rates: Annotated[list[int], Field(description="Of the recordings, in Hz.")]
    seed: int
    device: str
    threads: int


class TrialFacts(Options):
    """What was measured on recordings that did not train."""

    folds: Count
    held_out: Literal["recordings", "stretches"]
    normal: Count
    abnormal: Count
    false_alarms: Count
    false_alarm_low: float
    false_alarm_high: float
    auc: float | None = None
    auc_low: float | None = None
    auc_high: float | None = None
    detected: Annotated[
        int | None, Field(description="Abnormal recordings above the threshold.")
    ] = None


class Description(Options):
    """The whole of it."""

    format: Literal[1] = FORMAT
    system: SystemFacts
    inputs: Annotated[list[InputFacts], Field(min_length=1, max_length=16)]
    front_end: FrontEnd
    window: Annotated[Positive, Field(description="Samples at the front end's rate.")]
    windows: Annotated[list[WindowFacts], Field(min_length=1, max_length=32)]
    trace: TraceFacts | None
    rule: RuleFacts
    training: TrainingFacts
    trial: TrialFacts
    provenance: dict[str, Any]

    @property
    def mixes(self) -> list[str]:
        """The mix of each input."""
        return [one.mix for one in self.inputs]

    @property
    def channels_needed(self) -> int:
        """How many channels the mixes need."""
        return channels_needed(self.mixes)

    @property
    def window_seconds(self) -> float:
        """How long a window is."""
        return self.window / self.front_end.sample_rate
