"""From a folder of recordings to a detector."""

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version

import numpy as np

from mimii_bench.audio.mixes import parse_mix
from mimii_bench.detector import DEFAULT_SYSTEM
from mimii_bench.detector.description import (
    Description,
    InputFacts,
    SystemFacts,
    TrainingFacts,
)
from mimii_bench.detector.detector import Detector, make_hearing
from mimii_bench.detector.front_end import RATE
from mimii_bench.detector.hearing import Hearing
from mimii_bench.detector.learned import Learned
from mimii_bench.detector.material import (
    Material,
    Track,
    choose_front_end,
    choose_window,
    headers,
    hear,
    without_copies,
)
from mimii_bench.detector.measuring import Measures, measures_of
from mimii_bench.detector.recordings import Found
from mimii_bench.detector.scales import Scales, scales_of
from mimii_bench.detector.trial import Part, Plan, hold, plan_folds
from mimii_bench.leaderboard.catalog import NamedSystem
from mimii_bench.systems.base import check_options, make_system, system_class
from mimii_bench.training.job import Computing
from mimii_bench.training.sample_rates import at_rate
from mimii_bench.util import plugins
from mimii_bench.util.errors import UserError
from mimii_bench.util.source import digest


def untracked(things, what: str, count: int):
    """Return things as they are: nobody looks on."""
    return things


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes
    ----------
    system : NamedSystem
    options : mapping
        Of the system, laid over those that it is named with.
    mixes : sequence of str
        Of each input, or one for all; those of the system where there are none.
    kind : str
        Of score; the first by which the system is ranked where it is empty.
    rate : int or None
        What the system hears, in Hz; None for the recordings' own rate.
    window : float or None
        Seconds; None for those of the shortest recording, up to 10.
    rule : {"gamma", "quantile", None}
    false_alarm_rate : float
    folds, seed : int
    computing : Computing
    """

    system: NamedSystem
    options: Mapping = field(default_factory=dict)
    mixes: Sequence[str] = ()
    kind: str = ""
    rate: int | None = RATE
    window: float | None = None
    rule: str | None = None
    false_alarm_rate: float = 0.05
    folds: int = 5
    seed: int = 0
    computing: Computing = field(default_factory=lambda: Computing("cpu", 1))

    @property
    def score_kind(self) -> str:
        """The kind of score that counts."""
        return self.kind or self.system.kinds[0]

    @property
    def features(self) -> list[Mapping]:
        """Class and options of each input's feature."""
        return [one["feature"] for one in self.system.inputs]

    @property
    def input_mixes(self) -> list[str]:
        """The mix of each input."""
        own = [one["mix"] for one in self.system.inputs]
        given = list(self.mixes) * (len(own) if len(self.mixes) == 1 else 1)
        if given and len(given) != len(own):
            raise UserError(
                f"--mix: {self.system.name} has {len(own)} inputs; write it once for each"
            )
        return given or own

    @cached_property
    def found_class(self) -> type:
        """The class of the system."""
        return system_class(plugins.load("systems", self.system.class_name))

    @property
    def given(self) -> dict:
        """The options of the system, as far as they are no defaults."""
        return {**self.system.options, **self.options}

    def check_asked(self) -> None:
        """Raise UserError for what is wrong whatever the recordings are like."""
        self._check_learns()
        for mix in self.input_mixes:
            parse_mix(mix)
        check_options(self.found_class, self.given, "--option")

    def make(self, sample_rate: int):
        """Return the system, not yet fitted, for recordings of a rate."""
        options = at_rate(self.system.class_name, self.given, sample_rate)
        device = self.computing.device
        system = make_system(
            self.found_class, options, seed=self.seed, device=device, where="--option"
        )
        self.computing.apply()
        return system

    def check(self, recordings: Sequence[Found]) -> None:
        """Raise UserError where the system cannot learn from recordings with these labels."""
        labels = {one.label for one in recordings}
        name = self.system.name
        if "normal" not in labels:
            raise UserError("there is no normal recording; put some into normal/")
        if self.system.learns == "label" and "abnormal" not in labels:
            raise UserError(
                f"{name} is supervised and needs abnormal recordings, in a folder abnormal/ beside "
                f"normal/; add some, or take another system, e.g. {DEFAULT_SYSTEM}"
            )

    def _check_learns(self) -> None:
        if self.system.learns == "id":
            raise UserError(
                f"{self.system.name} learns to tell several machines of a type from each other, "
                f"and a folder is of one; take another system, e.g. {DEFAULT_SYSTEM}"
            )


def fit_detector(
    recordings: Sequence[Found],
    request: Request,
    track: Track = untracked,
    say: Callable[[str], object] = lambda line: None,
) -> tuple[Detector, list[Learned]]:
    """Fit a detector.

    Parameters
    ----------
    recordings : sequence of Found
    request : Request
    track : Track
        Follows what takes long.
    say : function of str
        Is told what was decided, and what is odd, a line at a time.

    Returns
    -------
    Detector
    list of Learned
        What becomes recordings.csv.

    Raises
    ------
    UserError
        For recordings that are refused, or too few, and for what the system refuses.
    """
    request.check_asked()
    request.check(recordings)
    material, hearing = _heard(recordings, request, track, say)
    normal, abnormal = ([m for m in material if m.label == x] for x in ("normal", "abnormal"))
    supervised = request.system.learns == "label"
    plan = plan_folds(normal, abnormal, request.folds, supervised, request.seed)

    def fit(parts: Sequence[Part]):
        return _fitted(request.make(hearing.front_end.sample_rate), parts)

    scales = _Once(lambda system: _scales(hearing, system, request, plan))
    trial = hold(plan, fit, request.score_kind, scales, track)
    found = measures_of(trial, scales.found, hearing, request.rule, request.false_alarm_rate)
    if found.rule.remark:
        say(f"threshold by quantile: {found.rule.remark}")
    training = plan.training(None)
    [system] = [fit(parts) for parts in track([training], "the model", 1)]
    facts = _facts(request, hearing, training, found)
    return Detector(system, hearing, facts), found.learned


class _Once:
    """A function that is asked once: what it found holds for later systems too."""

    def __init__(self, function: Callable[[object], Scales]):
        self._function, self.found = function, None

    def __call__(self, system: object) -> Scales:
        self.found = self.found or self._function(system)
        return self.found


def _scales(hearing: Hearing, system: object, request: Request, plan: Plan) -> Scales:
    first, _ = plan.normal[0]
    return scales_of(hearing, system, request.score_kind, first.windows[0])


def _heard(
    recordings: Sequence[Found], request: Request, track: Track, say: Callable[[str], object]
) -> tuple[list[Material], Hearing]:
    found = headers(recordings)
    front_end = choose_front_end(found, request.rate)
    window = choose_window(found, request.window, front_end.sample_rate)
    higher = sorted({h.sample_rate for h in found if h.sample_rate > front_end.sample_rate})
    if higher:
        rates = ", ".join(map(str, higher))
        say(f"resampled from {rates} to {front_end.sample_rate} Hz (--rate)")
    say(f"windows of {window / front_end.sample_rate:.3g} s (--window)")
    hearing = make_hearing(request.features, request.input_mixes, front_end, window)
    request.make(front_end.sample_rate)
    material, copies = without_copies(hear(found, hearing, track))
    odd = [f"{one.name}: {one.remark}, used" for one in material if one.remark]
    for line in (*copies, *odd):
        say(line)
    return material, hearing


def _fitted(system, parts: Sequence[Part]):
    """Fit a system on the windows of parts, with their labels where it learns these."""
    windows = [window for part in parts for window in part.windows]
    inputs = tuple(np.stack(frames) for frames in zip(*windows, strict=True))
    labels = [part.material.label for part in parts for _ in part.windows]
    targets = (np.array(labels),) if system.learns == "label" else ()
    system.fit(*inputs, *targets, validation=None)
    return system


def _facts(
    request: Request, hearing: Hearing, training: Sequence[Part], found: Measures
) -> Description:
    named = request.system
    labels = {part.material.name: part.material.label for part in training}
    seconds = {part.material.name: part.material.header.seconds for part in training}
    inputs = zip(request.features, hearing.mixes, strict=True)
    return Description(
        system=SystemFacts(
            name=named.name,
            class_name=named.class_name,
            kind=request.score_kind,
            summary=named.summary,
            source=named.source,
        ),
        inputs=[InputFacts(feature=dict(feature), mix=mix) for feature, mix in inputs],
        front_end=hearing.front_end,
        window=hearing.window,
        windows=found.windows,
        trace=found.trace,
        rule=found.facts,
        training=TrainingFacts(
            normal=list(labels.values()).count("normal"),
            abnormal=list(labels.values()).count("abnormal"),
            windows=sum(len(part.windows) for part in training),
            seconds=round(sum(seconds.values()), 3),
            sample_rates=sorted({part.material.header.sample_rate for part in training}),
            seed=request.seed,
            device=request.computing.device,
            threads=request.computing.threads,
        ),
        trial=found.trial,
        provenance=_provenance(request),
    )


def _provenance(request: Request) -> dict[str, str]:
    roots = [plugins.place_of("systems", request.system.class_name).root]
    roots += [plugins.place_of("features", one["class"]).root for one in request.features]
    return {
        "mimii-bench": version("mimii-bench"),
        "code": digest(*roots, "mimii_bench.detector.hearing:Hearing"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "soxr": version("soxr"),
        "processor": platform.machine(),
    }
