import pytest

from mimii_bench.planning.project import Project
from mimii_bench.pricing.costs import Costs
from mimii_bench.pricing.jobs import Jobs
from mimii_bench.pricing.rates import Rates
from mimii_bench.pricing.work import Works, examples
from mimii_bench.systems.classical import NearestNeighbours
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.two_microphone_autoencoder import TwoMicrophoneAutoencoder
from projects import TINY
from samples import ROOT


@pytest.mark.parametrize(
    ("options", "seen"),
    [
        (DenseAutoencoder.Options(epochs=2, batch_size=100), 2 * 10 * 309),
        (DenseAutoencoder.Options(epochs=2, batch_size=100, max_steps=3), 300),
        (DenseAutoencoder.Options(epochs=2, batch_size=9999, max_steps=1), 3090),
        (DenseAutoencoder.Options(epochs=1, batch_fraction=0.5, max_steps=3), 3090),
        (DenseAutoencoder.Options(epochs=1, batch_size=8, validation_fraction=0.5), 1545),
        (TwoMicrophoneAutoencoder.Options(epochs=1, batch_size=8, alphas=[1, 2, 3]), 9270),
        (NearestNeighbours.Options(), 10),
        (None, 10),
    ],
)
def test_examples_are_those_of_all_steps(options, seen):
    assert examples(options, clips=10, frames=[313]) == pytest.approx(seen)


def test_without_clips_nothing_is_seen():
    assert examples(DenseAutoencoder.Options(batch_fraction=0.5), clips=0, frames=[313]) == 0


def test_the_work_of_a_training_is_counted_in_its_split(tiny):
    # 5 normal and 2 abnormal clips: as many normal ones as abnormal test.
    found = Works(tiny).training("mimii_baseline", "dense_ae", "fan/6dB/id_00")
    assert (found.fitted, found.scored) == (3, 7)
    assert found.examples == 10 * 512


def jobs_of(project, target):
    jobs = Jobs(project)
    return jobs.of(jobs.files_of(target))


def test_sizes_are_those_of_the_files(tiny):
    costs = Costs(tiny, Rates.shipped())
    found = {job.kind: job for job in jobs_of(tiny, "all")}
    (store, *_) = costs.sizes(found["feature_store"]).values()
    assert store == pytest.approx(7 * 313 * 64 * 4, rel=0.05)
    (mix, *_) = costs.sizes(found["mix"]).values()
    assert mix == pytest.approx(7 * 160_000 * 4, rel=0.02)
    zips = [size for path, size in costs.sizes(found["simulate"]).items() if ".zip" in path]
    assert len(zips) == 2
    assert sum(zips) < 28 * 8 * 160_000 * 2


def test_stubs_of_recordings_are_made_soon_and_are_small(tiny):
    simulated = {**TINY["simulated"], "stub_seconds": 10}
    stubs = Project(ROOT, {**TINY, "simulated": simulated})
    costs, ofstubs = (Costs(project, Rates.shipped()) for project in (tiny, stubs))
    (job,) = (job for job in jobs_of(tiny, "all") if job.kind == "simulate")
    (same,) = (job for job in jobs_of(stubs, "all") if job.kind == "simulate")
    assert ofstubs.seconds(same) < costs.seconds(job) / 2
    for path, size in costs.sizes(job).items():
        if path.endswith(".zip"):
            assert ofstubs.sizes(same)[path] == pytest.approx(size / 16, rel=0.1)


def test_more_steps_take_longer_and_nothing_else_does(tiny):
    rates = Rates.shipped()
    one, ten = (
        rates.system("dense_autoencoder.DenseAutoencoder", {"max_steps": steps}, [])[0]
        for steps in (1, 10)
    )
    assert one == ten
    costs = Costs(tiny, rates)
    (job, *_) = [one for one in jobs_of(tiny, "all") if one.kind == "fit_and_score"]
    options = tiny.trainings.job(job.wildcards).options
    short = costs.uncorrected(job, {**options, "max_steps": 10})
    longer = costs.uncorrected(job, {**options, "max_steps": 20})
    assert short == costs.seconds(job) < longer


def test_the_memory_of_trainings_is_what_their_rule_declares_and_all_others_have_a_rate(tiny):
    rates = Rates.shipped()
    costs = Costs(tiny, rates)
    for job in jobs_of(tiny, "all"):
        if job.kind == "fit_and_score":
            assert costs.memory(job) == tiny.reserved.training(job.wildcards) * 1e6, job.place
        else:
            assert costs.memory(job) >= rates.memory[job.kind].start * 1e6 > 0, job.place
