"""A job of several trainings: seeds, checkpoints, and what an interruption costs."""

import numpy as np
import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.corpus.base import Unit
from mimii_bench.features.store import build_store
from mimii_bench.training import job as jobs
from mimii_bench.util.errors import UserError
from samples import noise

UNITS = [Unit("fan", "0dB", "00"), Unit("fan", "0dB", "02")]
POOLS = {unit.path: [tuple(unit)] for unit in UNITS}
OPTIONS = {"hidden": [4, 2, 4], "context": 2, "epochs": 3, "batch_size": 64}


@pytest.fixture
def stores(tmp_path):
    paths = []
    for number, unit in enumerate(UNITS):
        (tmp_path / unit.path / "normal").mkdir(parents=True)
        samples = noise(number, channels=1)[:, 0] / 32768
        write_float(tmp_path / unit.path / "normal/0.wav", samples.astype("f4"), 16_000)
        paths.append(str(tmp_path / f"{unit.path}.h5"))
        build_store({"class": "logmel.LogMel", "n_mels": 4}, tmp_path / unit.path, paths[-1])
    return paths


@pytest.fixture
def job(stores):
    settings = {
        "class_name": "dense_autoencoder.DenseAutoencoder",
        "options": OPTIONS,
        "computed": [None],
        "device": "cpu",
    }
    return jobs.Job(("report", "ae"), settings, 1, stores, [], checkpoint_seconds=0)


class Run:
    """Runs the job on both pools; raises at the training of one of them, where it is named."""

    def __init__(self, job, folder):
        self.job, self.folder = job, folder
        self.systems, self.steps = {}, {}

    def weights(self, training):
        return self.folder / f"{training.pool}/seed{training.number}.safetensors"

    def checkpoints(self):
        return sorted(path.parent.name for path in self.folder.rglob("*.checkpoint"))

    def __call__(self, stop_at=None, error=KeyboardInterrupt, numbers=(0,)):
        def train(training, system, stores):
            if training.pool == stop_at:
                raise error("stopped")
            assert [list(by_unit) for by_unit in stores] == [training.units]
            steps = []
            system.checkpoint.keep = lambda state, history: steps.append(len(history))
            system.fit(np.random.default_rng(0).normal(size=(2, 40, 4)).astype("f4"))
            self.systems[training.pool, training.number] = system
            self.steps[training.pool] = len(steps)

        jobs.run(self.job, POOLS, numbers, self.weights, train)


def test_every_pool_and_number_has_a_seed_of_its_own(job, tmp_path):
    run = Run(job, tmp_path)
    run(numbers=range(2))
    assert list(run.systems) == [(pool, number) for pool in POOLS for number in range(2)]
    assert len({system.seed for system in run.systems.values()}) == 4


def test_what_was_trained_before_a_kill_is_not_trained_again(job, tmp_path):
    first, second = POOLS
    run, whole = Run(job, tmp_path / "one"), Run(job, tmp_path / "other")
    with pytest.raises(KeyboardInterrupt):
        run(stop_at=second)
    assert run.steps == {first: 3}
    assert run.checkpoints() == ["id_00"]
    run()
    assert run.steps == {first: 0, second: 3}
    assert run.checkpoints() == []
    whole()
    for name, system in whole.systems.items():
        assert np.array_equal(system.history_, run.systems[name].history_, equal_nan=True)


def test_an_error_names_its_pool(job, tmp_path):
    with pytest.raises(UserError, match=r"^fan/0dB/id_02: stopped"):
        Run(job, tmp_path)(stop_at="fan/0dB/id_02", error=UserError)
