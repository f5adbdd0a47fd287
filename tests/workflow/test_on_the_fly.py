"""Features that are not stored: what a run of the real workflow would read and depend on."""

import re


def planned_inputs(printed, rule):
    """The input files of the first job of a rule in what a dry run printed."""
    return re.search(rf"^rule {rule}\w*:\n +input: (.*)$", printed, re.MULTILINE)[1].split(", ")


def test_a_training_reads_samples_and_depends_on_the_feature_s_code(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    stored = project.run("--dry-run")
    computed = project.run("--dry-run", "--config", "on_the_fly=[logmel64_reflect]")
    training = planned_inputs(computed, "fit_and_score")
    assert [path for path in training if path.endswith(".h5")] == [
        path.replace("/logmel64_reflect/", "/samples/")
        for path in planned_inputs(stored, "fit_and_score")
        if path.endswith(".h5")
    ]
    code = "src/mimii_bench/features/mel.py"
    assert code in training
    assert code not in planned_inputs(stored, "fit_and_score")
    assert code in planned_inputs(stored, "feature_store")
    assert code not in planned_inputs(computed, "feature_store")
    assert "results/features/logmel64_reflect" not in computed
