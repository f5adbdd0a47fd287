"""Many things that are missing for one reason are a line; each stays in missing.csv."""

from itertools import product

from mimii_bench.reports.missing import Missing, folded

MACHINES = ("pump", "slider")


def units(report, ids=("00", "02"), place="simulated.machines"):
    return [
        (report, f"{machine}/6dB/id_{id}: not in {place}") for machine, id in product(MACHINES, ids)
    ]


def test_units_of_several_reports_are_counted_once():
    (line,) = folded([*units("a"), *units("b")])
    assert line == Missing(("a", "b"), "4 units: 4 not in simulated.machines")


def test_a_unit_that_several_keys_leave_out_counts_for_each():
    more = units("a", ["04"], "simulated.machines, simulated.ids")
    (line,) = folded([*units("a"), *more])
    assert line.what == "6 units: 6 not in simulated.machines, 2 not in simulated.ids"


def test_a_folder_with_a_comma_is_one_place():
    (line,) = folded(units("a", place="my, own/fan.zip"))
    assert line.what == "4 units: 4 not in my, own/fan.zip"


def test_many_places_are_not_all_named():
    lines = [("a", f"fan/{n}dB/id_00: not in {n}_dB_fan.zip") for n in range(9)]
    (line,) = folded(lines)
    assert line.what.endswith("1 not in 3_dB_fan.zip, and so on in 5 more")


def test_few_stay_as_they_are():
    lines = [("a", "fan/6dB/id_00: not in fan.zip"), ("a", "figure roc, drawn from fan/6dB/id_00")]
    assert folded(lines) == [Missing(("a",), what) for _, what in lines]


def test_figures_are_counted_by_report():
    figures = [(key, f"figure {n}, drawn from x") for key, n in product("ab", range(4))]
    (line,) = folded(figures)
    assert line.what == "8 figures drawn from units that are missing: 4 of a, 4 of b"


def test_what_else_is_missing_is_said_in_full_with_all_reports_that_lack_it():
    said = "comparison with printed numbers: the recordings count as own, since they are fewer"
    (line,) = folded([(key, said) for key in "abcdef"])
    assert line.what == said
    assert line.whose == "6 reports"
