"""Every path is below the folder of results, and is filled as its pattern says."""

import pytest

from mimii_bench.planning.paths import Paths, from_here


def patterns(paths):
    return {name: text for name, text in vars(paths).items() if name != "results"}


def test_all_paths_are_below_the_results_and_no_two_are_the_same():
    found = patterns(Paths("results/longer"))
    assert all(text.startswith("results/longer/") for text in found.values())
    assert len(set(found.values())) == len(found)


def test_a_unit_has_the_same_place_in_every_folder():
    paths, unit = Paths(), {"machine": "fan", "snr": "-6dB", "id": "00"}
    assert paths.mix.format(mix="ch0", **unit) == "results/audio/ch0/fan/-6dB/id_00"
    store = paths.store.format(feature="logmel", mix="ch0", **unit)
    assert store == "results/features/logmel/ch0/fan/-6dB/id_00.h5"


@pytest.mark.parametrize(
    ("rule", "output", "place"),
    [
        ("mix", Paths().mix, "mix/{mix}/{machine}/{snr}/id_{id}"),
        ("split", Paths().split, "split/{protocol}/{pool}"),
        ("noise_bank", Paths().bank, "noise_bank"),
        ("report_tables", "{report}", "report_tables/{report}"),
    ],
)
def test_logs_and_benchmarks_lie_as_what_their_rules_make(rule, output, place):
    assert Paths().log(rule, output) == f"results/logs/{place}.log"
    assert Paths().benchmark(rule, output) == f"results/benchmarks/{place}.tsv"


def test_a_path_below_the_working_folder_is_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert from_here(tmp_path / "reports/mine") == "reports/mine"
    assert from_here(tmp_path.parent / "other") == str(tmp_path.parent / "other")
