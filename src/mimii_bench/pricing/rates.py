"""How long work takes, and how large what it makes is: rates, as data.

Those that come with the library stand in `rates.yaml`; `pricing.calibration` measures those of
this machine, and `pricing.learning` takes them from the logs of earlier runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple, Self

import yaml

from mimii_bench.util.atomic import replacing
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError

#: Options that say how long a training is, not what a step costs.
_LENGTH = ("epochs", "max_steps", "patience", "learning_rate", "drop_every", "drop_factor")


class JobRate(NamedTuple):
    """CPU seconds of a job: to start, and for each clip or whatever else it works on."""

    start: float
    each: float = 0.0


class MemoryRate(NamedTuple):
    """MB that a job holds at most: whatever it works on, and for each of what it works on."""

    start: float
    each: float = 0.0


class FeatureRate(NamedTuple):
    """CPU seconds for one clip of so many samples, reading and storing included."""

    class_name: str
    seconds: float
    samples: int


class SystemRate(NamedTuple):
    """What a system with such options costs on inputs of such features.

    Attributes
    ----------
    class_name : str
    options : mapping
        Without those of the length of a training.
    features : sequence of mapping
        Class and options of each input's feature.
    example : float
        CPU seconds for one example of one step.
    clip : float
        CPU seconds for each clip that trains, whatever the steps: reading, moments, covariances.
    score : float
        CPU seconds for a clip that is scored.
    model_bytes : int
        Of a saved model.
    """

    class_name: str
    options: Mapping
    features: Sequence[Mapping]
    example: float
    clip: float
    score: float
    model_bytes: int

    def likeness(self, options: Mapping, features: Sequence[Mapping]) -> int:
        """Return how much of what is asked for is of this rate as well."""
        same = sum(self.options.get(key) == value for key, value in options.items())
        return same - len(self.options.keys() ^ options.keys()) + 2 * (self.features == features)


def network_options(options: Mapping) -> dict:
    """Return the options of a system without those of the length of a training."""
    return {key: value for key, value in options.items() if key not in _LENGTH}


@dataclass(frozen=True)
class Rates:
    """All rates.

    Attributes
    ----------
    machine : str
        On which they were taken.
    jobs : {kind of job: JobRate}
    memory : {kind of job: MemoryRate}
        Of all but trainings, whose memory is that of what they hold.
    features : {class: FeatureRate}
    systems : list of SystemRate
    sizes : {what: bytes}
    wall : float
        Seconds that pass for a CPU second of a job.
    job_wall : float
        Seconds that the engine takes for each job, and `run_wall` for the run.
    factors : {(kind of job, detail): factor}
        By which jobs of earlier runs took longer; see `factor`.
    """

    machine: str
    jobs: Mapping[str, JobRate]
    memory: Mapping[str, MemoryRate]
    features: Mapping[str, FeatureRate]
    systems: Sequence[SystemRate]
    sizes: Mapping[str, float]
    wall: float
    job_wall: float
    run_wall: float
    factors: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @classmethod
    def shipped(cls) -> Self:
        """Return those that come with the library."""
        return cls.read(Path(str(files("mimii_bench.pricing").joinpath("rates.yaml"))))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the rates in a file; raises UserError for one that holds something else."""
        try:
            said = read_yaml(path)
            return cls(
                machine=said["machine"],
                jobs={kind: JobRate(**rate) for kind, rate in said["jobs"].items()},
                memory={kind: MemoryRate(**rate) for kind, rate in said["memory"].items()},
                features={
                    name: FeatureRate(name, **rate) for name, rate in said["features"].items()
                },
                systems=[SystemRate(**rate) for rate in said["systems"]],
                sizes=said["sizes"],
                wall=said["wall"],
                job_wall=said["job_wall"],
                run_wall=said["run_wall"],
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise UserError(
                f"{path}: no rates that this version knows ({error}); delete it"
            ) from error

    def write(self, path: Path) -> None:
        """Write them into a file, as a whole."""
        features = {
            name: {"seconds": round(rate.seconds, 6), "samples": rate.samples}
            for name, rate in self.features.items()
        }
        said = {
            "machine": self.machine,
            "wall": round(self.wall, 3),
            "job_wall": self.job_wall,
            "run_wall": self.run_wall,
            "jobs": {
                kind: {name: round(value, 5) for name, value in rate._asdict().items()}
                for kind, rate in self.jobs.items()
            },
            "memory": {kind: rate._asdict() for kind, rate in self.memory.items()},
            "sizes": dict(self.sizes),
            "features": features,
            "systems": [_plain(rate) for rate in self.systems],
        }
        with replacing(path) as part:
            part.write_text(yaml.safe_dump(said, sort_keys=False, width=100))

    def factor(self, kind: str, detail: str = "") -> float:
        """Return by how much jobs took longer than by the rates.

        That of the same detail (a system, a class of features), else of the kind, else of all jobs.
        """
        asked = ((kind, detail), (kind, ""), ("", ""))
        return next((self.factors[key] for key in asked if key in self.factors), 1.0)

    def job(self, kind: str) -> JobRate:
        """Return the rate of a kind of job."""
        return self.jobs.get(kind, JobRate(1.0))

    def feature(self, class_name: str, samples: int) -> float:
        """Return the CPU seconds for one clip of so many samples."""
        known = self.features.get(class_name)
        if known is None:
            known = max(self.features.values(), key=lambda rate: rate.seconds / rate.samples)
        return known.seconds * samples / known.samples

    def system(
        self, class_name: str, options: Mapping, features: Sequence[Mapping]
    ) -> tuple[SystemRate, bool]:
        """Return the rate of the system that is most like one, and whether it is of its class.

        Of a class without any rate, that of the system in the middle is taken.
        """
        asked = network_options(options)
        of_class = [rate for rate in self.systems if rate.class_name == class_name]
        if of_class:
            return max(of_class, key=lambda rate: rate.likeness(asked, features)), True
        others = sorted(self.systems, key=lambda rate: rate.example)
        return others[len(others) // 2], False

    def with_measured(
        self, rates: Iterable[FeatureRate | SystemRate], wall: float | None = None
    ) -> Self:
        """Return them with those that were measured here in their place.

        All other work goes by how much longer features take here, in the mean over their classes;
        `wall` are the seconds that passed for a CPU second meanwhile.
        """
        rates = list(rates)
        features = {rate.class_name: rate for rate in rates if isinstance(rate, FeatureRate)}
        systems = [rate for rate in rates if isinstance(rate, SystemRate)]
        ratios = [
            rate.seconds / self.feature(name, rate.samples)
            for name, rate in features.items()
            if name in self.features
        ]
        speed = sum(ratios) / len(ratios) if ratios else 1.0
        jobs = {
            kind: JobRate(rate.start * speed, rate.each * speed) for kind, rate in self.jobs.items()
        }
        return replace(
            self,
            machine="this machine, measured",
            jobs=jobs,
            wall=max(1.0, wall or self.wall),
            features={**self.features, **features},
            systems=[*systems, *self.systems],
        )


def _plain(rate: SystemRate) -> dict:
    said = rate._asdict()
    for name in ("example", "clip", "score"):
        said[name] = float(f"{said[name]:.4g}")
    return {**said, "options": dict(rate.options), "features": [dict(one) for one in rate.features]}
