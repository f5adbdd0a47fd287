"""One trial: a system trained on one pool with one seed, timed, and scored on the ranked units."""

import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mimii_bench.evaluation.scores import write_scores
from mimii_bench.splits.manifests import SplitRow, read_split
from mimii_bench.training import experiment
from mimii_bench.training import job as jobs
from mimii_bench.util.atomic import replacing
from mimii_bench.util.errors import UserError


class Times(NamedTuple):
    """What a trial took, in seconds, one score being of one clip.

    Of a training that was interrupted, only what came after its last checkpoint.
    """

    pool: str
    seed: int
    fit_seconds: float
    score_seconds: float


def run_all(
    job: jobs.Job,
    pools: Mapping[str, Sequence[tuple]],
    seeds: int,
    split: Path | str,
    ids: Collection[str],
    kinds: Collection[str],
    folder: Path | str,
) -> list[Times]:
    """Run all trials of a job, `seeds` of each pool, and write them below `folder`.

    Raises UserError for a system that does not give one of the `kinds` of score.
    """
    rows, times = read_split(split), []

    with replacing(folder) as part:

        def train(training: jobs.Training, system, stores: experiment.Stores) -> None:
            mine = [row for row in rows if row.unit in training.units]
            took = run(system, mine, stores, ids, kinds, part / _place(training))
            times.append(Times(training.pool, training.number, *took))

        def weights(training: jobs.Training) -> Path:
            return Path(folder).with_name("checkpoints") / _place(training)

        jobs.run(job, pools, range(seeds), weights, train)
    return times


def _place(training: jobs.Training) -> str:
    return f"{training.pool}/seed{training.number}"


def run(
    system,
    rows: Sequence[SplitRow],
    stores: experiment.Stores,
    ids: Collection[str],
    kinds: Collection[str],
    folder: Path,
) -> tuple[float, float]:
    """Train `system` on the manifest `rows`, score the test clips of `ids`, write all of it.

    `folder` gets a CSV per kind of score, all of `kinds` among them, and the model. Returns the
    seconds that training took, and those that one clip took to score, reading included in both.
    """
    tested = [row for row in rows if row.role == "test" and row.id in ids]
    start = time.perf_counter()
    experiment.fit(system, rows, stores)
    trained = time.perf_counter()
    scores = experiment.score(
        system, tested, experiment.of_units(stores, {row.unit for row in tested})
    )
    scored = time.perf_counter()
    _check_kinds(kinds, scores)
    for kind, numbers in scores.items():
        write_scores(tested, numbers, folder / f"{kind}.csv")
    system.save(folder / "model.safetensors", folder / "model.json")
    return trained - start, (scored - trained) / len(tested)


def _check_kinds(kinds: Collection[str], scores: Collection[str]) -> None:
    for kind in kinds:
        if kind not in scores:
            raise UserError(
                f"no score {kind!r}, which leaderboard.yaml ranks by; it has "
                f"{', '.join(sorted(scores))}"
            )
