"""What each job of a run costs: CPU seconds, bytes, memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import SimpleNamespace

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.mimii import LARGEST_ARCHIVE_BYTES
from mimii_bench.pricing.jobs import Job
from mimii_bench.pricing.rates import Rates, SystemRate, network_options
from mimii_bench.pricing.work import Works
from mimii_bench.training.job import TrainingJob

#: Disks give files whole blocks.
BLOCK = 4096
#: Bytes beside the numbers: of a WAV, of a line of checksums, of a store and each clip in it.
_WAV_HEADER, _SUM, _STORE, _STORED_CLIP = 58, 100, 16_000, 120
#: The time that a stub is made in, in that of a recording.
_STUB = 0.075
#: Of a line of a score file.
_SCORE = 80
#: Of one training: history, descriptions, checksums, which are files of their own.
_SMALL_FILES = 6


class Costs:
    """The costs of the jobs of a project.

    Parameters
    ----------
    project : Project
    rates : Rates

    Attributes
    ----------
    unknown : set of str
        Classes of systems of which there is no rate.
    """

    def __init__(self, project, rates: Rates):
        self._project, self._rates = project, rates
        self.works = Works(project)
        self.unknown: set[str] = set()
        self._amounts: dict[str, Callable[[Job], float]] = {
            "simulate": self._simulated,
            "check_archive": lambda job: LARGEST_ARCHIVE_BYTES / 1e9,
            "clip_index": lambda job: sum(self.works.of_condition(*one) for one in job.members),
            "mix": lambda job: self.works.clips([_unit(job.wildcards)]),
            "quality": lambda job: self.works.clips(job.units),
            "feature_store": lambda job: self.works.clips(job.units),
            "recordings": lambda job: self.works.clips(self._pool(job.wildcards)),
            "split": self._split,
            "score": lambda job: len(project.trainings.job(job.wildcards).trainings),
            "report_tables": lambda job: self._numbers(job.wildcards),
            "listening": lambda job: self._heard(job.wildcards),
            "leaderboard": lambda job: len(project.ranking.entries) * len(project.ranking.units),
        }
        self._sizes: dict[str, Callable[[Job], dict[str, float]]] = {
            "noise_bank": lambda job: {job.outputs[0]: rates.sizes["bank"]},
            "simulate": self._zips,
            "mix": self._mixed,
            "feature_store": self._stores,
            "fit_and_score": lambda job: {job.outputs[0]: self._models(job)},
            "score": lambda job: {job.outputs[0]: self._scores(job)},
            "report_tables": lambda job: {job.outputs[0]: rates.sizes["tables"]},
            "listening": lambda job: {
                job.outputs[0]: rates.sizes["heard"] * self._heard(job.wildcards)
            },
            "page": lambda job: {job.outputs[0]: rates.sizes["page"]},
            "figure": lambda job: {job.outputs[0]: rates.sizes["figure"]},
            "overview": lambda job: {job.outputs[0]: rates.sizes["figure"]},
        }

    # Time.

    def seconds(self, job: Job) -> float:
        """Return the CPU seconds of a job."""
        return self._rates.factor(job.kind, self.detail(job)) * self.uncorrected(job)

    def passed(self, job: Job) -> float:
        """Return the seconds by the clock of a job that has a core for itself."""
        return self.seconds(job) * self._rates.wall + self._rates.job_wall

    def detail(self, job: Job) -> str:
        """Return what of a job its time depends on most, beside its kind."""
        if job.kind == "fit_and_score":
            found = self._project.trainings.job(job.wildcards)
            return repr([found.class_name, network_options(found.options), found.features])
        if job.kind == "feature_store":
            return self._project.feature_files.by_name[job.known.feature]["class"]
        return ""

    def uncorrected(self, job: Job, given: Mapping | None = None) -> float:
        """Return the CPU seconds of a job by the rates alone; of trainings with `given` options."""
        if job.kind == "fit_and_score":
            return self._training_seconds(job, given)
        rate = self._rates.job(job.kind)
        seconds = rate.start + rate.each * self._channels(job.kind) * self._amount(job)
        return seconds + (self._frames_seconds(job) if job.kind == "feature_store" else 0.0)

    def _amount(self, job: Job) -> float:
        """Return of how many clips, or whatever else counts, a job is."""
        return self._amounts.get(job.kind, lambda job: 1)(job)

    def _simulated(self, job: Job) -> float:
        recordings = self.works.of_condition(job.wildcards.machine)
        return recordings * (_STUB if self._are_stubs else 1)

    @property
    def _are_stubs(self) -> bool:
        return self._project.corpus_files.simulation()["stub_seconds"] is not None

    def _channels(self, kind: str) -> float:
        """Return by how much the recordings are longer or of more channels than MIMII's."""
        if kind not in ("mix", "quality", "feature_store", "recordings"):
            return 1.0
        return self._recording / self._rates.sizes["recording"]

    @property
    def _recording(self) -> int:
        """Bytes of one recording as 16-bit WAV."""
        return self._project.inventory.channels * self.works.samples * 2

    def _frames_seconds(self, job: Job) -> float:
        """Return the seconds in which the frames of a job's clips are computed."""
        given = self._project.feature_files.by_name[job.known.feature]
        return self.works.clips(job.units) * self._rates.feature(given["class"], self.works.samples)

    def _split(self, job: Job) -> float:
        protocol = job.known.protocol
        pools = [SimpleNamespace(protocol=protocol, pool=pool) for pool in job.members]
        return sum(self.works.clips(self._pool(one)) for one in pools)

    def _training_seconds(self, job: Job, given: Mapping | None) -> float:
        w, found = job.wildcards, self._project.trainings.job(job.wildcards)
        rate = self.rate_of(found)
        total = self._rates.job("fit_and_score").start
        computed = self._computed(w)
        for training in found.trainings:
            work = self.works.training(w.protocol, w.system, training.pool, given)
            total += rate.example * work.examples + (rate.clip + computed) * work.fitted
            total += (rate.score + computed) * work.scored
        return total

    def _computed(self, w: SimpleNamespace) -> float:
        """Return the seconds in which the frames of a clip are computed as they are read."""
        files = self._project.feature_files
        inputs = self._project.trainings.system(w).inputs
        return sum(
            self._rates.feature(files.by_name[source["feature"]]["class"], self.works.samples)
            for source in inputs
            if source["feature"] in files.on_the_fly
        )

    def rate_of(self, job: TrainingJob) -> SystemRate:
        """Return the rate of the system of a job."""
        rate, known = self._rates.system(job.class_name, job.options, job.features)
        if not known:
            self.unknown.add(job.class_name)
        return rate

    def _numbers(self, w: SimpleNamespace) -> float:
        """Return how many replicates the numbers of a report take, in thousands."""
        return self.works.cells(w.report) * self._project.tables.budget(w)["bootstrap"] / 1000

    def _heard(self, w: SimpleNamespace) -> float:
        """Return how many clips a listening room holds, at most."""
        return self._project.listening.most_clips(w)

    # Disk.

    def sizes(self, job: Job) -> dict[str, float]:
        """Return the bytes of what a job makes, by path, and of its log and times."""
        found = self._sizes.get(job.kind, lambda job: {job.outputs[0]: self._rates.sizes["small"]})
        sizes = {path: in_blocks(size) for path, size in found(job).items()}
        results = self._project.paths.results
        return {**sizes, f"{results}/logs": BLOCK, f"{results}/benchmarks": BLOCK}

    def zipped(self, machine: str, snr: str, kind: str) -> float:
        """Return the bytes of the zip of a machine's clips.

        `kind` is of what: the machine, stub or published.
        """
        shares = self._rates.sizes["zipped"]
        share = shares.get(kind, max(shares.values()))
        return self.works.of_condition(machine, snr) * self._recording * share

    def _zips(self, job: Job) -> dict[str, float]:
        machine = job.wildcards.machine
        snrs = self._project.corpus_files.simulation()["snrs"]
        return {
            path: self.zipped(machine, snr, "stub" if self._are_stubs else machine)
            for path, snr in zip(job.outputs, snrs, strict=True)
        }

    def _mixed(self, job: Job) -> dict[str, float]:
        clips = self.works.clips([_unit(job.wildcards)])
        each = in_blocks(self.works.samples * 4 + _WAV_HEADER)
        return {job.outputs[0]: clips * (each + _SUM)}

    def _stores(self, job: Job) -> dict[str, float]:
        each = (self._stored(job.known.feature, unit) for unit in job.units)
        return dict(zip(job.outputs, each, strict=True))

    def _stored(self, feature: str, unit: Unit) -> float:
        return _STORE + self.works.clips([unit]) * (self.works.shape(feature).size + _STORED_CLIP)

    def _models(self, job: Job) -> float:
        found = self._project.trainings.job(job.wildcards)
        each = in_blocks(self.rate_of(found).model_bytes) + _SMALL_FILES * BLOCK
        return each * len(found.trainings) + self._scores(job)

    def _scores(self, job: Job) -> float:
        w = job.wildcards
        trainings = self._project.trainings.job(w).trainings
        lines = (len(self.works.manifest(w.protocol, one.pool)) for one in trainings)
        return sum(2 * BLOCK + in_blocks(_SCORE * count) for count in lines)

    # Memory.

    def memory(self, job: Job) -> float:
        """Return the bytes that a job holds at most: of trainings, what their rule declares."""
        if job.kind != "fit_and_score":
            rate = self._rates.memory[job.kind]
            return (rate.start + rate.each * self._amount(job)) * 1e6
        return self._project.reserved.training(job.wildcards) * 1e6

    def _pool(self, w: SimpleNamespace) -> list[Unit]:
        return self._project.split_files.units(w)


def in_blocks(size: float) -> int:
    """Return the bytes that a file of a size takes on a disk.

    Examples
    --------
    >>> in_blocks(1), in_blocks(4096), in_blocks(4097)
    (4096, 4096, 8192)
    """
    return math.ceil(size / BLOCK) * BLOCK


def folder_of(path: str, results: str) -> str:
    """Return the folder below the results that a path lies in, for a bill.

    Examples
    --------
    >>> folder_of("results/audio/ch0/fan/0dB/id_00", "results")
    'audio'
    """
    place = PurePath(path)
    inside = place.relative_to(results) if place.is_relative_to(results) else place
    return inside.parts[0] if inside != place else str(place.parent)


def _unit(w: SimpleNamespace) -> Unit:
    return Unit(w.machine, w.snr, w.id)
