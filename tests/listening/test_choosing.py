"""Which clips are heard."""

import random

import pytest

from mimii_bench.corpus.base import Unit
from mimii_bench.listening.choosing import choose, each_once, standings


def row(clip, score, label="normal", role="test", id="00"):
    unit = {"machine": "fan", "snr": "0dB", "id": id}
    return {"clip": clip, **unit, "label": label, "role": role, "score": score}


ROWS = [
    row("normal/0", 100.0, role="train"),
    row("normal/1", 1.0),
    row("normal/2", 3.0),
    row("normal/3", 5.0),
    row("abnormal/1", 2.0, "abnormal"),
    row("abnormal/2", 9.0, "abnormal"),
]


def names(clips):
    return [one.clip for one in clips]


def test_each_reason_has_its_clips_in_order():
    found = choose(standings("fan", ROWS), 2)
    assert {reason: names(clips) for reason, clips in found.items()} == {
        "missed": ["abnormal/1", "abnormal/2"],
        "false_alarms": ["normal/3", "normal/2"],
        "highest": ["abnormal/2", "normal/3"],
        "lowest": ["normal/1", "abnormal/1"],
    }


def test_clips_that_train_are_not_heard_and_not_counted():
    found = standings("fan", ROWS)
    assert "normal/0" not in names(found)
    assert {one.of for one in found} == {5}
    assert {one.normal for one in found} == {3}


def test_a_clip_stands_among_those_of_its_model():
    found = {one.clip: one for one in standings("fan", ROWS, threshold=4.0)}
    worst = found["abnormal/1"]
    assert (worst.rank, worst.normal_below, worst.threshold) == (4, 1, 4.0)
    assert found["abnormal/2"].rank == 1
    # Of normal 1, 3, 5: mean 3, deviation 1.63.
    assert found["normal/2"].standing == 0
    assert found["abnormal/2"].standing == pytest.approx(6 / (8 / 3) ** 0.5)


def test_equal_scores_share_a_rank_and_are_taken_by_name():
    rows = [row(f"normal/{n}", 1.0) for n in range(4)] + [row("abnormal/0", 1.0, "abnormal")]
    random.Random(0).shuffle(rows)
    clips = standings("fan", rows)
    assert {one.rank for one in clips} == {1}
    assert {one.standing for one in clips} == {0}
    found = choose(clips, 2)
    assert names(found["highest"]) == names(found["lowest"]) == ["abnormal/0", "normal/0"]


def test_the_order_of_rows_does_not_matter():
    shuffled = list(ROWS)
    random.Random(1).shuffle(shuffled)
    assert choose(standings("fan", shuffled), 2) == choose(standings("fan", ROWS), 2)


def test_scores_of_different_models_are_compared_by_their_own_normal_clips():
    loud = [row("normal/1", 1000.0, id="02"), row("normal/2", 1010.0, id="02")]
    clips = [*standings("one", ROWS), *standings("two", loud)]
    # 1010 is one deviation above the mean of its model, 9 nearly four.
    assert choose(clips, 1)["highest"][0].score == 9
    assert choose(clips, 1)["lowest"][0].unit == Unit("fan", "0dB", "00")


def test_a_clip_for_several_reasons_is_one_clip():
    clips = standings("fan", ROWS)
    assert len(each_once(choose(clips, 10))) == 5


def test_there_may_be_nothing_to_hear():
    assert choose([], 3) == {
        "missed": [],
        "false_alarms": [],
        "highest": [],
        "lowest": [],
    }
    assert standings("fan", [row("normal/0", 1.0, role="train")]) == []


def test_without_normal_test_clips_all_are_the_measure():
    found = standings(
        "fan", [row("abnormal/0", 1.0, "abnormal"), row("abnormal/1", 3.0, "abnormal")]
    )
    assert [one.standing for one in found] == [-1, 1]
    assert {one.normal for one in found} == {0}
