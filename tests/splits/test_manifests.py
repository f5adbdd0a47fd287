"""Manifests as files: what they hold of clips whose corpus tells more of them."""

import pytest

from mimii_bench.corpus.base import Clip, Unit
from mimii_bench.evaluation.scores import COLUMNS, check_clips, write_scores
from mimii_bench.splits.base import make_split
from mimii_bench.splits.manifests import read_split, write_split
from mimii_bench.util.errors import UserError

UNIT = Unit("fan", "any", "00")


def split(**told):
    """The manifest of two normal clips that train, and one of each label to test."""
    parts = [("normal", "train"), ("normal", "train"), ("normal", "test"), ("abnormal", "test")]
    clips = [
        Clip(f"{label}/{number}", "00", label, part, "", **told)
        for number, (label, part) in enumerate(parts)
    ]
    return make_split({UNIT: clips}, scheme="given_parts")


def test_without_conditions_a_manifest_has_six_columns(tmp_path):
    write_split(split(), tmp_path / "split.csv")
    header = (tmp_path / "split.csv").read_text().splitlines()[0]
    assert header == "clip,machine,snr,id,label,role"
    assert read_split(tmp_path / "split.csv") == split()


@pytest.mark.parametrize(
    ("told", "condition"),
    [
        ({"domain": "source", "attributes": "vel_6"}, "source/vel_6"),
        ({"domain": "target"}, "target"),
        ({"attributes": "vel_6"}, "vel_6"),
    ],
)
def test_conditions_of_a_corpus_stand_in_a_seventh(tmp_path, told, condition):
    rows = split(**told)
    write_split(rows, tmp_path / "split.csv")
    assert read_split(tmp_path / "split.csv") == rows
    assert {row.condition for row in rows} == {condition}


def test_scores_of_a_clip_are_the_same_file_with_and_without_conditions(tmp_path):
    for name, told in (("a", {}), ("b", {"domain": "source"})):
        rows = split(**told)
        (tmp_path / name).mkdir()
        write_scores(rows, [1.0, 2.0, 3.0, 4.0], tmp_path / name / "score.csv")
        check_clips(tmp_path / name / "score.csv", rows)
    files = [(tmp_path / name / "score.csv").read_text() for name in "ab"]
    assert files[0] == files[1]
    assert files[0].splitlines()[0] == ",".join(COLUMNS)


@pytest.mark.parametrize("column", ["conditions", "role"])
def test_another_seventh_column_is_refused(tmp_path, column):
    path = tmp_path / "split.csv"
    write_split(split(domain="source"), path)
    header, *lines = path.read_text().splitlines()
    path.write_text("\n".join([header.replace("condition", column), *lines]))
    with pytest.raises(UserError, match="line 1: columns must be clip,machine,snr,id,label,role"):
        read_split(path)
