"""The contract of a system, its defaults, and how a class from outside meets it."""

import inspect
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from pydantic import ConfigDict

from mimii_bench.systems.model_files import write_arrays, write_description
from mimii_bench.util.checksums import damaged
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.options import Component, Options, checked


class System(Component, ABC):
    """An anomaly detector: what every system has, and the defaults of what it may leave out.

    A subclass declares what a report may choose in a model `Options` of its own, and defines `fit`,
    `score`, `save` and `load`. A class that is no subclass but has these four is a system too; see
    `system_class`.

    Parameters
    ----------
    seed : int
        Of all that is random: the same seed, clips and options give the same scores.
    device : {"auto", "cpu", "cuda", "cuda:N"}
        Where it computes, if it can choose.
    **options
        Those of `Options`, checked.

    Attributes
    ----------
    options : Options
    learns : {"id", "label", None}
        The column of the split manifest that `fit` is given as targets. What learns `label` trains
        on abnormal clips too; to what learns `id`, `score` is given the id with each clip. Of a
        pool of several machines, ids are told with their machines: `fan/00`.
    history_ : list of NamedTuple
        How training went, one entry per epoch or step; its fields are the columns of history.csv.
        Empty where there is nothing to tell.
    parameters : int
        How many numbers were learned.
    layers : dict of str to int
        The same, layer by layer.
    """

    learns: ClassVar[str | None] = None
    parameters: int = 0
    #: MB of a process that trains, beside its clips: libraries, network, one batch.
    working_mb: ClassVar[float] = 310

    @classmethod
    def lacking(cls, options: Mapping) -> str:
        """Return what is missing on this machine to run with these options; by default nothing.

        On the leaderboard a system that lacks something is left out and named.
        """
        return ""

    @classmethod
    def working_memory(cls, options: Mapping, shapes: Sequence[tuple[int, int]]) -> float:
        """Return the MB that a training takes beside the frames of its clips.

        Parameters
        ----------
        options : mapping
            As a report gives them.
        shapes : sequence of (int, int)
            Frames and bins of one clip, for each input.
        """
        return cls.working_mb

    def __init__(self, *, seed: int = 0, device: str = "cpu", **options):
        super().__init__(**options)
        self.seed = seed
        self.device = device
        self.history_: list = []

    @abstractmethod
    def fit(self, *inputs: np.ndarray, validation: tuple | None = None) -> Self:
        """Learn from normal clips.

        Parameters
        ----------
        *inputs : ndarray (clip, frame, bin)
            The clips, once per input that the report gives the system; last the targets (clip,) of
            a system that `learns` a column.
        validation : tuple of ndarray, optional
            Other clips in the same form; they only watch the training.

        Raises
        ------
        UserError
            Where it cannot learn from such clips.
        """

    @abstractmethod
    def score(self, clips: Iterable[tuple]) -> dict[str, np.ndarray]:
        """Return how anomalous clips are, higher = more anomalous.

        Parameters
        ----------
        clips : iterable of tuple
            One tuple per clip: an array (frame, bin) per input, and the id where that is learned.
            They are read as they are asked for, so that one is in memory at a time.

        Returns
        -------
        dict of str to ndarray (clip,)
            By the name of each kind of score. A system with one kind calls it `score`; its method
            may return the array alone, which `systems.scoring.scores_by_kind` takes for that.
        """

    @abstractmethod
    def save(self, weights: Path, description: Path) -> None:
        """Write what was learned to `weights`, and what rebuilds the system, JSON, beside it."""

    @classmethod
    @abstractmethod
    def load(cls, weights: Path, description: Path, device: str = "cpu") -> Self:
        """Return the system that `save` wrote, ready to score."""

    @property
    def layers(self) -> dict[str, int]:
        """How many numbers were learned, layer by layer."""
        return {}

    def go_on_from(self, path: Path, seconds: float) -> None:
        """Keep checkpoints at `path`, so many seconds apart, and let `fit` go on from the last.

        By default none are kept: an interrupted training begins again.
        """


def system_class(found: type) -> type[System]:
    """Return `found` as a subclass of `System`: itself, or one that hands on to its objects.

    Parameters
    ----------
    found : type
        A class with `fit`, `score` and `save`, and a class method `load`. All else is up to it: it
        is given `seed`, `device` and `validation` where its methods name them, and keeps its
        `Options`, `learns`, `history_`, `parameters`, `layers` and `go_on_from` where it has them.

    Raises
    ------
    UserError
        Where one of the four is missing.
    """
    if not inspect.isclass(found):
        raise UserError(f"{getattr(found, '__name__', found)}: a system is a class, this is none")
    if issubclass(found, System):
        return found
    # Not by their names: what runs is found by names, and a training runs no score.
    missing = sorted(name for name in System.__abstractmethods__ if not hasattr(found, name))
    if missing:
        raise UserError(
            f"{found.__name__}: a system has fit, score, save and load; add {missing[0]}"
        )
    own = {"foreign": found, "__doc__": found.__doc__, "__module__": found.__module__}
    declared = getattr(found, "Options", None)
    if inspect.isclass(declared) and issubclass(declared, Options):
        own["Options"] = declared
    return type(found.__name__, (Adapted,), own)


def make_system(
    found: type, options: Mapping, *, seed: int = 0, device: str = "cpu", where: str = ""
) -> System:
    """Return a system of the class `found` with these options.

    Parameters
    ----------
    found : type
        See `system_class`.
    options : mapping
        As in report.yaml.
    seed, device
        See `System`.
    where : str
        The key under which the options stand, for messages.

    Raises
    ------
    UserError
        For an option that the class does not have, or that it does not allow.
    """
    made = system_class(found)
    check_options(made, options, where)
    return made(**options, seed=seed, device=device)


def check_options(found: type, options: Mapping, where: str = "") -> None:
    """Raise UserError unless a system of the class `found` can be made with these `options`.

    A foreign class that declares no `Options` is asked only which names its constructor takes.
    """
    made = system_class(found)
    checked(made.Options, options, made.__name__, where)
    if issubclass(made, Adapted):
        made.bound(options, where)


def load_system(found: type, weights: Path, description: Path, device: str = "cpu") -> System:
    """Return the system of the class `found` that `save` wrote, ready to score.

    Raises
    ------
    UserError
        For a description that is not of this class or lacks facts, and for weights that do not fit
        it; of a class from outside, only what that raises itself.
    """
    made = system_class(found)
    if issubclass(made, Adapted):
        return made.load(weights, description, device)
    name = _facts(description).get("system", made.__name__)
    if name != made.__name__:
        raise damaged(description, f"it describes a {name}, not a {made.__name__}")
    try:
        with about(str(description)):
            return made.load(weights, description, device)
    except (KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise damaged(weights, f"it does not fit its description ({reason})") from error


class Adapted(System):
    """A system of a class that does not inherit `System`; see `system_class`.

    Attributes
    ----------
    foreign : type
        The class.
    adapted : object
        The object of it.
    """

    class Options(System.Options):
        """Whatever the constructor takes."""

        model_config = ConfigDict(extra="allow")

    foreign: ClassVar[type]

    def __init__(self, *, seed: int = 0, device: str = "cpu", **options):
        super().__init__(seed=seed, device=device, **options)
        given = _taken(self.foreign, seed=seed, device=device)
        self.adapted = self.foreign(**{**given, **options})

    @classmethod
    def bound(cls, options: Mapping, where: str = "") -> None:
        """Raise UserError unless the constructor takes `options`, and needs no others."""
        given = _taken(cls.foreign, seed=0, device="cpu")
        try:
            inspect.signature(cls.foreign).bind(**{**given, **options})
        except TypeError as error:
            raise UserError(f"{where or 'options'}: {cls.__name__}: {error}") from None

    @property
    def learns(self) -> str | None:
        """That of the object, or of its class; nothing by default."""
        return getattr(self.adapted, "learns", None)

    @property
    def parameters(self) -> int:
        """What the object counts, else 0."""
        return getattr(self.adapted, "parameters", 0)

    @property
    def layers(self) -> dict[str, int]:
        """What the object counts, else nothing."""
        return getattr(self.adapted, "layers", {})

    @property
    def history_(self) -> list:
        """The object's history where it is of named tuples, else empty."""
        history = list(getattr(self.adapted, "history_", ()))
        return history if all(hasattr(entry, "_fields") for entry in history) else []

    @history_.setter
    def history_(self, history: list) -> None:
        """Leave it to the object."""

    def go_on_from(self, path: Path, seconds: float) -> None:
        """Hand on to the object where it can go on."""
        getattr(self.adapted, "go_on_from", super().go_on_from)(path, seconds)

    def fit(self, *inputs: np.ndarray, validation: tuple | None = None) -> Self:
        """Fit the object; without `validation` where its `fit` takes none."""
        self.adapted.fit(*inputs, **_taken(self.adapted.fit, validation=validation))
        return self

    def score(self, clips: Iterable[tuple]) -> dict[str, np.ndarray]:
        """Return the object's scores."""
        return self.adapted.score(clips)

    def save(self, weights: Path, description: Path) -> None:
        """Let the object write its files; what it leaves out is written empty, or as known here."""
        self.adapted.save(weights, description)
        if not Path(weights).exists():
            write_arrays({}, weights)
        if not Path(description).exists():
            write_description(self, description)

    @classmethod
    def load(cls, weights: Path, description: Path, device: str = "cpu") -> Self:
        """Return the object that its class loads, with the options that the description tells."""
        system = cls.__new__(cls)
        facts = _facts(description)
        options = facts.get("options")
        system.options = cls.Options(**(options if isinstance(options, dict) else {}))
        system.seed, system.device = facts.get("seed", 0), device
        system.adapted = cls.foreign.load(
            weights, description, **_taken(cls.foreign.load, device=device)
        )
        return system


def _taken(function: Callable, **offered) -> dict:
    """Return those of the offered arguments that a function names among its parameters."""
    names = inspect.signature(function).parameters
    return {name: value for name, value in offered.items() if name in names}


def _facts(description: Path) -> dict:
    """Return a description where it is a JSON object, else nothing: a foreign class has its own."""
    try:
        found = json.loads(Path(description).read_text())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
