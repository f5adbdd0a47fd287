"""Which clip trains and which one tests."""

import pytest

from mimii_bench.corpus.base import Clip, Unit
from mimii_bench.corpus.inventory import simulated_inventory
from mimii_bench.corpus.mimii import COUNTS
from mimii_bench.splits.base import make_split
from mimii_bench.splits.manifests import read_split, write_split
from mimii_bench.util.errors import UserError

UNIT = Unit("fan", "0dB", "00")


def pool(normal, abnormal, units=(UNIT,)):
    clips = [Clip(f"abnormal/{k:08d}", "00", "abnormal", "", "") for k in range(abnormal)]
    clips += [Clip(f"normal/{k:08d}", "00", "normal", "", "") for k in range(normal)]
    return dict.fromkeys(units, clips)


def roles(rows):
    return {row.clip: row.role for row in rows}


def test_the_baseline_tests_on_all_abnormal_and_the_first_normal_clips():
    rows = make_split(pool(5, 2), "matched_test")
    assert roles(rows) == {
        "abnormal/00000000": "test",
        "abnormal/00000001": "test",
        "normal/00000000": "test",
        "normal/00000001": "test",
        "normal/00000002": "train",
        "normal/00000003": "train",
        "normal/00000004": "train",
    }


def test_on_the_published_set_the_baseline_trains_on_604_clips_of_fan_00():
    inventory = simulated_inventory(["fan"], ["0dB"], ["00"], *COUNTS["fan", "00"])
    rows = make_split(inventory.units, "matched_test")
    found = [(row.label, row.role) for row in rows]
    assert found.count(("normal", "train")) == 1011 - 407
    assert found.count(("normal", "test")) == found.count(("abnormal", "test")) == 407


def test_every_clip_of_a_pool_has_exactly_one_role_in_each_unit():
    units = [UNIT, UNIT._replace(id="02"), UNIT._replace(snr="6dB")]
    rows = make_split(pool(5, 2, units), "matched_test")
    assert len({(row.unit, row.clip) for row in rows}) == len(rows) == 21
    for unit in units:
        assert roles(row for row in rows if row.unit == unit) == roles(rows)


def test_a_corpus_that_is_split_already_keeps_its_parts():
    clips = [
        Clip("normal/train_0", "00", "normal", "train", ""),
        Clip("normal/train_1", "00", "normal", "train", ""),
        Clip("normal/test_0", "00", "normal", "test", ""),
        Clip("abnormal/test_0", "00", "abnormal", "test", ""),
        Clip("abnormal/test_1", "00", "abnormal", "test", ""),
    ]
    rows = make_split({UNIT: clips}, "matched_test")
    assert all(row.role == row.clip.split("/")[1].split("_")[0] for row in rows)


@pytest.mark.parametrize(
    ("normal", "abnormal", "lacking"),
    [
        (2, 2, "no normal clips in train/"),
        (3, 0, "no normal clips in test/ and no abnormal clips in test/"),
        (0, 3, "no normal clips in train/ and no normal clips in test/"),
    ],
)
def test_a_split_that_cannot_be_made_names_the_unit_and_what_is_missing(normal, abnormal, lacking):
    with pytest.raises(UserError, match=f"^fan/0dB/id_00: {lacking} under the split matched_test"):
        make_split(pool(normal, abnormal), "matched_test")


def test_a_manifest_reads_back_as_it_was_written(tmp_path):
    rows = make_split(pool(4, 1), "matched_test")
    write_split(rows, tmp_path / "split.csv")
    assert read_split(tmp_path / "split.csv") == rows
    header, first, *_ = (tmp_path / "split.csv").read_text().split("\n")
    assert header == "clip,machine,snr,id,label,role"
    assert first == "normal/00000000,fan,0dB,00,normal,test"


def published(machine, snrs, ids):
    """The units of the published set, with clips that are only names."""
    units = {}
    for snr in snrs:
        for id in ids:
            counts = COUNTS[machine, id]
            units |= simulated_inventory([machine], [snr], [id], *counts).units
    return units


def counted(rows):
    found = {}
    for row in rows:
        key = (row.role, row.label)
        found[key] = found.get(key, 0) + 1
    return found


def test_the_dcase_split_of_the_published_sliders_has_the_printed_sizes():
    rows = make_split(
        published("slider", ["-6dB"], ["00", "02", "04"]), "dcase_development", test_normal=100
    )
    assert counted(rows) == {
        ("train", "normal"): 2370,
        ("test", "normal"): 300,
        ("test", "abnormal"): 801,
    }
    tested = {row.clip for row in rows if row.id == "02" and row.role == "test"}
    assert "normal/00000099" in tested
    assert "normal/00000100" not in tested


def test_a_small_unit_tests_on_a_third_of_its_normal_clips():
    rows = make_split(pool(24, 8), "dcase_development", test_normal=100)
    assert counted(rows)["test", "normal"] == 8


def test_folds_are_stratified_and_every_abnormal_clip_tests():
    units = published("fan", ["6dB"], ["00", "02", "04", "06"])
    rows = make_split(units, "stratified_folds", folds=8)
    for unit in units:
        own = [row for row in rows if row.unit == unit]
        normal, abnormal = COUNTS["fan", unit.id]
        found = counted(own)
        assert found["test", "abnormal"] == abnormal
        assert abs(found["test", "normal"] - normal / 8) < 1
        assert abs(found["validation", "normal"] - normal / 8) < 1
        assert sum(found.values()) == normal + abnormal
    first = [row.clip for row in rows if row.role == "test" and row.label == "normal"][:5]
    assert first != [f"normal/{k:08d}" for k in range(5)]


SNRS = ["-6dB", "0dB", "6dB"]


def test_a_random_draw_has_the_printed_sizes_and_keeps_recordings_apart():
    units = published("pump", SNRS, ["00", "02", "04", "06"])
    rows = make_split(units, "random_draw", train=1000, test=200)
    assert counted(rows) == {
        ("train", "normal"): 1000,
        ("test", "normal"): 200,
        ("test", "abnormal"): 200,
    }
    assert shared_recordings(rows) == set()
    assert {row.snr for row in rows} == set(SNRS)


def test_a_recording_with_another_name_at_another_snr_is_kept_apart_too():
    """At 6 dB everything is numbered one higher."""
    units = pool(40, 10, [UNIT._replace(snr=snr) for snr in ("6dB", "-6dB")])
    recordings = {
        (unit, clip.name): (clip.label, place - (unit.snr == "6dB"))
        for unit, clips in units.items()
        for place, clip in enumerate(clips)
    }
    named, known = (
        make_split(units, "random_draw", recordings=given, train=30, test=10)
        for given in (None, recordings)
    )
    for rows, leaks in ((named, True), (known, False)):
        heard = {
            role: {recordings[row.unit, row.clip] for row in rows if row.role == role}
            for role in ("train", "test")
        }
        assert bool(heard["train"] & heard["test"]) == leaks


def test_the_naive_draw_lets_recordings_leak():
    units = published("pump", SNRS, ["00", "02", "04", "06"])
    assert shared_recordings(make_split(units, "random_draw", train=1000, test=200, apart=False))


def test_a_small_pool_tests_on_a_quarter_of_its_normal_clips():
    rows = make_split(pool(24, 8, [UNIT._replace(snr=s) for s in SNRS]), "random_draw", **DRAW)
    assert counted(rows)["test", "normal"] == counted(rows)["test", "abnormal"] == 18
    assert shared_recordings(rows) == set()


DRAW = {"train": 1000, "test": 200}


def shared_recordings(rows):
    """Recordings that both train and test, at whatever SNR."""
    sides = {
        role: {(row.id, row.clip) for row in rows if row.role == role and row.label == "normal"}
        for role in ("train", "test")
    }
    return sides["train"] & sides["test"]


ALL_IDS = ["00", "02", "04", "06"]
SHARES = {"test": 0.2, "validation": 0.2}


@pytest.mark.parametrize(
    ("machine", "normal", "abnormal"),
    [("fan", 815, 295), ("pump", 750, 92), ("slider", 641, 178), ("valve", 739, 96)],
)
def test_a_fifth_of_each_label_tests_in_the_sizes_that_the_printed_numbers_allow(
    machine, normal, abnormal
):
    found = counted(make_split(published(machine, ["0dB"], ALL_IDS), "stratified_random", **SHARES))
    assert (found["test", "normal"], found["test", "abnormal"]) == (normal, abnormal)
    for label, tested in (("normal", normal), ("abnormal", abnormal)):
        kept = sum(COUNTS[machine, id][label == "abnormal"] for id in ALL_IDS) - tested
        assert found["validation", label] == -(-kept // 5)
        assert found["train", label] == kept - found["validation", label]


def test_without_a_share_to_watch_all_that_is_not_tested_trains():
    rows = make_split(published("fan", ["0dB"], ALL_IDS), "stratified_random", test=0.2)
    assert counted(rows)["train", "abnormal"] == 1475 - 295
    assert {row.role for row in rows} == {"train", "test"}


def test_a_share_that_is_whole_is_not_rounded_up_by_the_binary_system():
    found = counted(make_split(pool(100, 100), "stratified_random", test=0.55))
    assert found["test", "normal"] == found["test", "abnormal"] == 55


def test_a_stratified_draw_takes_clips_of_every_id_and_not_the_first():
    rows = make_split(published("pump", ["6dB"], ALL_IDS), "stratified_random", **SHARES)
    for label in ("normal", "abnormal"):
        tested = [row for row in rows if (row.role, row.label) == ("test", label)]
        assert {row.id for row in tested} == set(ALL_IDS)
        assert [row.clip for row in tested][:5] != [f"{label}/{k:08d}" for k in range(5)]


def test_versions_of_a_recording_at_other_snrs_have_one_role():
    """Pooled or not: neither does a model test on what it trained on, nor do SNRs differ in it."""
    units = published("pump", SNRS, ALL_IDS)
    pooled = make_split(units, "stratified_random", **SHARES)
    apart = [
        row
        for snr in SNRS
        for row in make_split(published("pump", [snr], ALL_IDS), "stratified_random", **SHARES)
    ]
    for rows in (pooled, apart):
        found = {}
        for row in rows:
            found.setdefault((row.id, row.clip), set()).add(row.role)
        assert set(map(len, found.values())) == {1}
        assert len(rows) == 3 * len(found)


def run_of(rows, unit, label, role):
    """The numbers of the clips of one unit and label that have a role."""
    return sorted(
        int(row.clip[-8:]) for row in rows if (row.unit, row.label, row.role) == (unit, label, role)
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("machine", ["fan", "valve"])
def test_neighbours_in_time_have_one_role_and_sizes_are_the_same(machine, seed):
    units = published(machine, ["0dB"], ALL_IDS)
    drawn, runs = (
        make_split(units, "stratified_random", contiguous=contiguous, seed=seed, **SHARES)
        for contiguous in (False, True)
    )
    assert counted(runs) == counted(drawn)
    for unit in units:
        for label in ("normal", "abnormal"):
            clips = COUNTS[machine, unit.id][label == "abnormal"]
            for role, share in (("test", 0.2), ("validation", 0.16), ("train", 0.64)):
                run = run_of(runs, unit, label, role)
                assert len(run) == pytest.approx(share * clips, abs=2)
                # One gap at most: where it goes on at the beginning.
                gaps = [number for number in run if (number + 1) % clips not in run]
                assert len(gaps) == 1


def test_runs_are_others_with_another_seed_and_the_same_at_every_snr():
    units = published("fan", SNRS, ALL_IDS)
    rows = make_split(units, "stratified_random", contiguous=True, **SHARES)
    for unit in units:
        same = unit._replace(snr="0dB")
        for role in ("test", "validation"):
            assert run_of(rows, unit, "normal", role) == run_of(rows, same, "normal", role)
    other = make_split(units, "stratified_random", contiguous=True, seed=1, **SHARES)
    assert run_of(other, unit, "normal", "test") != run_of(rows, unit, "normal", "test")


def test_two_units_of_one_pool_are_drawn_as_one():
    units = [UNIT, UNIT._replace(id="02")]
    rows = make_split(pool(3, 3, units), "stratified_random", test=0.5)
    assert counted(rows)["test", "normal"] == 3


@pytest.mark.parametrize(
    ("normal", "abnormal", "lacking"),
    [
        (5, 2, "no abnormal clips in train/"),
        (5, 1, "no abnormal clips in train/ and no abnormal clips in validation/"),
    ],
)
def test_a_supervised_split_needs_both_labels_in_every_role(normal, abnormal, lacking):
    with pytest.raises(UserError, match=f"^fan/0dB/id_00: {lacking} under the split stratified"):
        make_split(pool(normal, abnormal), "stratified_random", **SHARES)
    make_split(pool(5, 3), "stratified_random", **SHARES)


def test_the_leaderboard_tests_on_half_of_the_anomalies_and_as_many_normal_clips():
    found = roles(make_split(pool(9, 5), "half_of_anomalies"))
    tested = [clip for clip, role in found.items() if role == "test"]
    assert [sum(clip.startswith(label) for clip in tested) for label in ("n", "a")] == [3, 3]
    assert len(found) == 14
    assert set(found.values()) == {"train", "test"}


def test_the_leaderboard_tests_the_same_recordings_at_every_snr_and_others_of_other_ids():
    units = [UNIT, UNIT._replace(snr="6dB"), UNIT._replace(id="02")]
    by_unit = {unit: set() for unit in units}
    for row in make_split(pool(40, 20, units), "half_of_anomalies"):
        if row.role == "test":
            by_unit[row.unit].add(row.clip)
    assert by_unit[units[0]] == by_unit[units[1]] != by_unit[units[2]]


def test_the_leaderboard_s_half_does_not_depend_on_the_order_or_on_other_clips_of_the_other_label():
    few, many = (roles(make_split(pool(n, 6), "half_of_anomalies")) for n in (10, 30))
    assert {c: r for c, r in few.items() if c[0] == "a"} == {
        c: r for c, r in many.items() if c[0] == "a"
    }


def test_balanced_folds_are_those_that_report_gamma_ae_s_numbers_fit():
    """Test folds of 127, 127, 129 and 127 normal clips, 3,056 that train (see the audit)."""
    counts = {"00": 1011, "02": 1016, "04": 1033, "06": 1015}
    units = {
        Unit("fan", "6dB", id): [
            Clip("abnormal/00000000", id, "abnormal", "", ""),
            *(Clip(f"normal/{k:08}", id, "normal", "", "") for k in range(number)),
        ]
        for id, number in counts.items()
    }
    dealt = make_split(units, "stratified_folds", folds=8, balanced=True)
    rows = [(row.id, row.role) for row in dealt if row.label == "normal"]
    assert [rows.count((id, "test")) for id in counts] == [127, 127, 129, 127]
    roles = [role for _, role in rows]
    assert roles.count("train") == 3056
    assert roles.count("validation") == 509
