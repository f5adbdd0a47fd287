"""Features that are not stored: what a run of the real workflow would read and depend on."""

import re

from mimii_bench.util.source import reached
from samples import ROOT

BANDS = "mimii_bench.features.mel:mel_filters"


def planned_inputs(printed, rule):
    """The input files of the first job of a rule in what a dry run printed."""
    return re.search(rf"^rule {rule}:\n +input: (.*)$", printed, re.MULTILINE)[1].split(", ")


def test_a_training_reads_samples(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    stored = project.run("--dry-run", "--verbose")
    computed = project.run("--dry-run", "--verbose", "--config", "on_the_fly=[logmel64_reflect]")
    training = planned_inputs(computed, "fit_and_score")
    assert training == [
        path.replace("/logmel64_reflect/", "/samples/")
        for path in planned_inputs(stored, "fit_and_score")
    ]
    assert any("/samples/" in path for path in training)
    assert "results/features/logmel64_reflect" not in computed


def test_the_code_of_a_feature_that_is_computed_is_that_of_the_training():
    script = ROOT / "workflow/scripts/feature_store.py"
    logmel, samples = "mimii_bench.features.logmel:LogMel", "mimii_bench.features.samples:Samples"
    assert BANDS in reached("mimii_bench.training.fitting:fit_all", logmel)
    assert BANDS in reached(logmel, script=script)
    assert BANDS not in reached(samples, script=script)
