"""Which code stands for which rule."""

from mimii_bench.planning import code
from mimii_bench.util.source import reached

TRAINING = "mimii_bench.training"


def door(monkeypatch, project, script, *without):
    """What the door of a training reaches."""
    monkeypatch.setattr(code, "digest", reached)
    return set(project.code._door(script, *without))


def test_the_door_of_trainings_counts_without_what_scores(monkeypatch, project):
    found = door(monkeypatch, project, "fit_and_score", code.SCORING, code.TELLING)
    assert f"{TRAINING}.running:fit_and_score" in found
    assert f"{TRAINING}.interruption:remove_checkpoints" in found
    assert not [name for name in found if name.startswith((code.SCORING, code.TELLING))]
    assert not [name for name in found if ".evaluation." in name or name.endswith(".score")]


def test_the_door_of_scores_counts_without_what_trains(monkeypatch, project):
    found = door(monkeypatch, project, "score", code.TELLING)
    assert {f"{TRAINING}.running:score_job", f"{code.SCORING}:copy_scores"} <= found
    assert f"{TRAINING}.fitting:fit_all" not in found
    assert not [name for name in found if name.endswith(".fit")]
