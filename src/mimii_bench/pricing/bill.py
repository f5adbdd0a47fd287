"""What a run will need, added up: jobs, hours, disk and memory, in all and for each report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache

from mimii_bench.corpus.download import disk_needed
from mimii_bench.corpus.mimii import archive_name
from mimii_bench.planning.plan import units_used
from mimii_bench.pricing.costs import Costs, folder_of
from mimii_bench.pricing.jobs import Job, Jobs
from mimii_bench.pricing.rates import Rates
from mimii_bench.pricing.schedule import Step, run_through


@dataclass(frozen=True)
class Kind:
    """All jobs of one rule: how many, their CPU seconds, and the bytes that they make."""

    kind: str
    jobs: int
    cpu_seconds: float
    bytes: float


@dataclass(frozen=True)
class Folder:
    """A folder of results: the bytes that it holds in the end, and at most."""

    folder: str
    final_bytes: float
    peak_bytes: float


@dataclass(frozen=True)
class Part:
    """One report, or the leaderboard.

    `jobs`, `cpu_seconds`, `seconds` and `bytes` are those of a run of it alone; `only_cpu_seconds`
    and `only_bytes` are those of jobs that no other part needs, which a run without it would save.
    """

    name: str
    jobs: int
    cpu_seconds: float
    seconds: float
    bytes: float
    only_cpu_seconds: float
    only_bytes: float


@dataclass(frozen=True)
class Bill:
    """What a run needs; bytes and seconds.

    Attributes
    ----------
    kinds : list of Kind
    folders : list of Folder
    parts : list of Part
    jobs : int
    cpu_seconds, seconds : float
        Of all jobs together, and from start to end on so many `cores`.
    cores : int
    final_bytes, peak_bytes : float
        Downloads included.
    download_bytes : float
        Their time is that of the network, and not counted.
    memory_bytes : float
        What the largest job holds; `largest` names it.
    largest : str
    rates : str
        Where the rates are from.
    unknown : list of str
        Classes of systems of which there is no rate.
    """

    kinds: Sequence[Kind]
    folders: Sequence[Folder]
    parts: Sequence[Part]
    jobs: int
    cpu_seconds: float
    seconds: float
    cores: int
    final_bytes: float
    peak_bytes: float
    download_bytes: float
    memory_bytes: float
    largest: str
    rates: str
    unknown: Sequence[str]

    def plain(self) -> dict:
        """Return it as plain values, numbers rounded."""
        return _rounded(asdict(self))


class Accountant:
    """Adds up what jobs of a project need.

    Parameters
    ----------
    project : Project
    jobs : Jobs
    rates : Rates
    cores : int
    """

    def __init__(self, project, jobs: Jobs, rates: Rates, cores: int):
        self._project, self._jobs, self._rates, self._cores = project, jobs, rates, cores
        self._costs = Costs(project, rates)
        self._step = cache(self._step_of)

    def bill(self, files: Iterable[str], source: str) -> Bill:
        """Return what a run for some files needs; `source` is that of the rates, in words."""
        jobs = self._jobs.of(files)
        course = run_through(jobs, self._step, self._cores)
        place, download = self._download(jobs)
        final = Counter(course.final) + Counter({place: download})
        peaks = Counter(course.folder_peaks) + Counter({place: download})
        largest = max(jobs, key=self._costs.memory, default=None)
        memory = self._costs.memory(largest) if largest else 0.0
        return Bill(
            kinds=self._kinds(jobs),
            folders=[
                Folder(name, final[name], peaks[name])
                for name in sorted(peaks, key=lambda name: -peaks[name])
            ],
            parts=self._parts(jobs),
            jobs=len(jobs),
            cpu_seconds=self._cpu(jobs),
            seconds=course.seconds + (self._rates.run_wall if jobs else 0.0),
            cores=self._cores,
            final_bytes=sum(final.values()),
            peak_bytes=course.peak + download,
            download_bytes=download,
            memory_bytes=memory,
            largest=largest.place if largest and memory else "",
            rates=source,
            unknown=sorted(self._costs.unknown),
        )

    def _step_of(self, job: Job) -> Step:
        disk: Counter[str] = Counter()
        for path, size in self._costs.sizes(job).items():
            disk[folder_of(path, self._project.paths.results)] += size
        is_training = job.kind in ("fit_and_score", "score")
        threads = self._project.configuration["threads_per_job"] if is_training else 1
        return Step(self._costs.passed(job), threads, disk)

    def _kinds(self, jobs: Sequence[Job]) -> list[Kind]:
        names = dict.fromkeys(job.kind for job in jobs)
        of_kind = {name: [job for job in jobs if job.kind == name] for name in names}
        found = [
            Kind(name, len(own), self._cpu(own), self._bytes(own)) for name, own in of_kind.items()
        ]
        return sorted(found, key=lambda one: -one.cpu_seconds)

    def _parts(self, jobs: Sequence[Job]) -> list[Part]:
        """Return the parts of a run that ends in tables: reports, leaderboard."""
        ends = [job for job in jobs if job.kind in ("report_tables", "leaderboard")]
        alone = {job: self._jobs.of(job.outputs[:1]) for job in ends}
        needed = Counter(job for own in alone.values() for job in own)
        return [
            self._part(end, own, [job for job in own if needed[job] == 1])
            for end, own in alone.items()
        ]

    def _part(self, end: Job, own: Sequence[Job], only: Sequence[Job]) -> Part:
        course = run_through(own, self._step, self._cores)
        return Part(
            name=getattr(end.wildcards, "report", end.kind),
            jobs=len(own),
            cpu_seconds=self._cpu(own),
            seconds=course.seconds + self._rates.run_wall,
            bytes=sum(course.final.values()),
            only_cpu_seconds=self._cpu(only),
            only_bytes=self._bytes(only),
        )

    def _cpu(self, jobs: Iterable[Job]) -> float:
        return sum(map(self._costs.seconds, jobs))

    def _bytes(self, jobs: Iterable[Job]) -> float:
        """Return the bytes that stay of what jobs make."""
        return sum(sum(self._step(job).disk.values()) for job in jobs)

    def _download(self, jobs: Sequence[Job]) -> tuple[str, float]:
        """Return where zips are fetched to, and how many bytes of them."""
        corpus = self._project.corpus
        wanted = {job.outputs[0] for job in jobs if job.kind == "check_archive"}
        if not (corpus.pinned and corpus.download and wanted):
            return str(corpus.folder), 0.0
        found = 0.0
        for machine, snr in sorted({unit[:2] for unit in units_used(self._project.plan)}):
            name = archive_name(machine, snr)
            if self._project.corpus_files.receipt(name.removesuffix(".zip")) in wanted:
                # What is still to be written is known as an upper bound alone.
                whole = self._costs.zipped(machine, snr, "published")
                found += min(disk_needed([name], corpus.folder), whole)
        return str(corpus.folder), found


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 1)
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return value
