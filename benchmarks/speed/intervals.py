"""The tables of every report at the counts of the real data set, with their intervals.

Scores are drawn, of every training and seed that the full run has, in the files that a run writes;
reading them counts.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from mimii_bench.corpus.base import LABELS
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.planning.project import Project
from mimii_bench.planning.trainings import TrainedSystem
from mimii_bench.reports import files, tables
from mimii_bench.reports.counts import CellCounts
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.splits.base import make_split
from mimii_bench.splits.manifests import SplitRow, write_split
from speed.contests import Contest, Target, timed

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
#: What abnormal clips score more than normal ones, whose deviation is 2.
SHIFT = 2.0
MAHALANOBIS = ("mahalanobis", "mahalanobis_mean_residual")
#: Kinds of score that a system gives, where they are several; of each alpha.
KINDS = {
    "dcase_autoencoder.DcaseAutoencoder": ("mse", *MAHALANOBIS),
    "two_microphone_autoencoder.TwoMicrophoneAutoencoder": tuple(
        f"{kind}_alpha_{{}}" for kind in ("mse", "mse_sum", "mse_reference", *MAHALANOBIS)
    ),
    "id_classifier.IdClassifier": ("score", "misidentified", "attention_complex"),
}


def contests() -> Iterator[Contest]:
    """Yield one, of all reports together."""
    with tempfile.TemporaryDirectory() as results:
        given = {"corpus": "mimii", "budget": "full", "mimii": {"download": True}}
        project = Project(ROOT, {**given, "results": results})
        works = [tables_of(project, name, Path(results)) for name in project.reports]
        yield Contest(
            "tables with 2,000 replicates, real counts and three seeds",
            "CPU s",
            {"all reports": timed(lambda: [work() for work in works])},
            [Target("all reports", "", SECONDS, "at most")],
        )


def tables_of(project: Project, report: str, results: Path) -> Callable[[], None]:
    """Write what the tables of a report are made of; return what makes them."""
    wildcards = SimpleNamespace(report=report)
    protocol = project.trainings.protocols[report]
    manifests = dict(zip(protocol.pools, project.tables.splits(wildcards), strict=True))
    splits = {pool: _split(project, report, pool, path) for pool, path in manifests.items()}
    for name, system in protocol.systems.items():
        trained = project.trainings.trained(project.paths.scores, report, name)
        for pool, folders in trained.items():
            for folder in folders:
                _score(splits[pool], kinds_of(system), Path(folder))
    budget = project.tables.budget(wildcards)
    out = {name: str(results / report / name) for name in ("long", "claims", "confusion", "sums")}

    def work() -> None:
        spec = project.tables.spec(wildcards)
        folders = project.tables.score_folders(wildcards)
        files.write(
            report,
            project.tables.published(wildcards) or None,
            Reproduction(folders, spec, budget["bootstrap"]),
            CellCounts({}, list(manifests.values()), spec["tables"]),
            tables.Setting(project.inventory.corpus, "full", True, spec),
            {**out, "printed": str(results / report / "printed")},
        )

    return work


def kinds_of(system: TrainedSystem) -> list[str]:
    """Return the kinds of score that a system gives."""
    names = KINDS.get(system.class_name, ("score",))
    alphas = system.options.get("alphas", [""])
    return list(dict.fromkeys(name.format(alpha) for name in names for alpha in alphas))


def _split(project: Project, report: str, pool: str, path: str) -> list[SplitRow]:
    protocol = project.trainings.protocols[report]
    clips = {unit: project.inventory.units[unit] for unit in protocol.pools[pool]}
    rows = make_split(clips, **protocol.split)
    write_split(rows, path)
    return rows


def _score(rows: list[SplitRow], kinds: list[str], folder: Path) -> None:
    rng = np.random.default_rng(0)
    abnormal = np.array([row.label == LABELS[1] for row in rows])
    for kind in kinds:
        write_scores(rows, rng.gamma(4, size=len(rows)) + SHIFT * abnormal, folder / f"{kind}.csv")
