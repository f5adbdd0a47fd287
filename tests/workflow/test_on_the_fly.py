"""Features that are not stored: what a run of the real workflow would read and depend on."""

import re

from mimii_bench.util.source import reached
from samples import ROOT

BANDS = "mimii_bench.features.mel:mel_filters"


def inputs_of(job):
    """The input files of a job in what a dry run says of it."""
    return re.match(r" *input: (.*)\n", job)[1].split(", ")


def test_a_training_reads_samples(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    stored = project.plan().jobs("fit_and_score")
    plan = project.plan("--config", "on_the_fly=[logmel64_reflect]")
    training = inputs_of(plan.jobs("fit_and_score")[0])
    assert training == [
        path.replace("/logmel64_reflect/", "/samples/") for path in inputs_of(stored[0])
    ]
    assert any("/samples/" in path for path in training)
    assert "results/features/logmel64_reflect" not in plan


def test_the_code_of_a_feature_that_is_computed_is_that_of_the_training():
    script = ROOT / "workflow/scripts/feature_store.py"
    logmel, samples = "mimii_bench.features.logmel:LogMel", "mimii_bench.features.samples:Samples"
    assert BANDS in reached("mimii_bench.training.fitting:fit_all", logmel)
    assert BANDS in reached(logmel, script=script)
    assert BANDS not in reached(samples, script=script)
