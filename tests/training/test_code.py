"""The halves of a training job run code of their own."""

from dataclasses import replace

from mimii_bench.training.code import fitting_code, scoring_code
from mimii_bench.util.source import reached

FIT_ALL = "mimii_bench.training.fitting:fit_all"
SCORING = "mimii_bench.training.scoring"


def trained(name):
    """Return what the training of a system reaches."""
    return reached(FIT_ALL, f"mimii_bench.systems.{name}", without=[SCORING])


def test_a_training_runs_no_score(job):
    autoencoder = trained("dense_autoencoder:DenseAutoencoder")
    assert "mimii_bench.systems.learning.loop:train" in autoencoder
    assert "mimii_bench.systems.learning.autoencoder:Autoencoder.fit" in autoencoder
    assert not [name for name in autoencoder if name.endswith((".score", ".score_windows"))]
    dcase = trained("dcase_autoencoder:DcaseAutoencoder")
    # The covariance is fitted, what it scores is not.
    assert "mimii_bench.systems.learning.mahalanobis:inverse_covariance" in dcase
    assert "mimii_bench.systems.learning.mahalanobis:mahalanobis" not in dcase


def test_a_score_runs_no_training():
    scored = reached(
        f"{SCORING}:score_again", "mimii_bench.systems.dense_autoencoder:DenseAutoencoder"
    )
    assert "mimii_bench.systems.learning.autoencoder:WindowSystem.score" in scored
    assert "mimii_bench.systems.learning.loop:train" not in scored


def test_the_code_of_a_job_is_that_of_its_system_and_features(job):
    others = [
        replace(job, class_name="denoising_autoencoder.DenoisingAutoencoder"),
        replace(job, features=[{"class": "spectrum.Magnitude"}]),
    ]
    for code in (fitting_code, scoring_code):
        assert len({code(one) for one in [job, *others]}) == 3
    assert fitting_code(replace(job, options={}, numbers=[3])) == fitting_code(job)
