"""Numbers of a table are found by what they are of, and a star stands for a number."""

import pytest

from figures.long_tables import ALPHAS, value, write_sweep
from mimii_bench.figures.from_tables import read
from mimii_bench.util.checksums import write_checksum
from mimii_bench.util.errors import UserError


def test_a_star_stands_for_a_number_and_nothing_else(tmp_path):
    sweep, level = read(write_sweep(tmp_path))
    assert (sweep.title, sweep.metric) == ("both", "auc")
    for machine in ("valve", "fan"):
        found = {point.x: point.value for point in sweep.points if point.machine == machine}
        assert found == {float(a): value(machine, f"mse_alpha_{a}") for a in ALPHAS}
    assert {point.x for point in level.points} == {None}
    assert [point.machine for point in level.points] == ["valve", "fan", ""]


def test_a_negative_or_broken_number_is_one_too(tmp_path):
    part, _ = write_sweep(tmp_path)
    path = tmp_path / "all.csv"
    path.write_text(path.read_text().replace("mse_alpha_10", "mse_alpha_-1.5"))
    write_checksum(path)
    (series,) = read([part])
    assert {point.x for point in series.points} == {0.1, 0.5, 2, -1.5}


def test_intervals_come_with_the_numbers(tmp_path):
    for series in read(write_sweep(tmp_path)):
        for point in series.points:
            assert point.low == pytest.approx(point.value - 0.02)
            assert point.high == pytest.approx(point.value + 0.03)
            assert point.published == 0.25


@pytest.mark.parametrize("corpus", ["", "simulated"])
def test_published_numbers_stand_beside_those_of_real_clips_only(tmp_path, corpus):
    series = read(write_sweep(tmp_path, corpus=corpus))
    assert {point.published for part in series for point in part.points} == {None}


def test_what_the_table_lacks_is_none(tmp_path):
    _, part = write_sweep(tmp_path, machines=("fan",))
    path = tmp_path / "all.csv"
    header, *lines = [line.split(",") for line in path.read_text().splitlines()]
    for line in lines:
        line[header.index("ci_low")] = line[header.index("reproduced")] = ""
    path.write_text("\n".join(map(",".join, [header, *lines])) + "\n")
    write_checksum(path)
    ((point,),) = (series.points for series in read([part]))
    assert (point.value, point.low) == (None, None)
    assert point.high is not None


@pytest.mark.parametrize(
    "change", [{"table": "table_2"}, {"metric": "pauc"}, {"system": "other"}, {"variant": "mse_*"}]
)
def test_no_row_is_an_error(tmp_path, change):
    _, part = write_sweep(tmp_path)
    table = change.get("table", "table_1")
    with pytest.raises(UserError, match=rf"all\.csv: no row of one in table {table}"):
        read([{**part, **change}])
