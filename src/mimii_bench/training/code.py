"""Which code a training job runs, in its two halves."""

from collections.abc import Iterator

from mimii_bench.training.job import TrainingJob
from mimii_bench.util.plugins import place_of
from mimii_bench.util.source import digest

FITTING, SCORING = "mimii_bench.training.fitting", "mimii_bench.training.scoring"
#: How code is told from other code changes no model.
TELLING = "mimii_bench.training.code"


def fitting_code(job: TrainingJob) -> str:
    """Return a digest of the code that makes the models of a job."""
    return digest(f"{FITTING}:fit_all", *_plugins(job), without=[SCORING, TELLING])


def scoring_code(job: TrainingJob) -> str:
    """Return a digest of the code that scores clips by the models of a job."""
    roots = (f"{SCORING}:score_again", f"{SCORING}:score_into")
    return digest(*roots, *_plugins(job), without=[TELLING])


def _plugins(job: TrainingJob) -> Iterator[str]:
    """Yield where the code stands that a job runs by the names in a report."""
    yield place_of("systems", job.class_name).root
    for feature in job.features:
        yield place_of("features", feature["class"]).root
