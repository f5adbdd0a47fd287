"""Clips with the same samples in a split."""

from itertools import product

import pytest

from mimii_bench.corpus.base import LABELS, Clip, Unit
from mimii_bench.splits.base import make_split
from mimii_bench.splits.copies import read_digests, told
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import write_sealed

SCHEMES = {
    "matched_test": {},
    "half_of_anomalies": {},
    "random_draw": {"train": 12, "test": 4},
    "stratified_folds": {"folds": 3},
    "stratified_random": {"test": 0.3, "validation": 0.3},
    "dcase_development": {"test_normal": 6},
}
UNITS = [Unit("fan", snr, id) for snr, id in product(("-6dB", "0dB"), ("00", "02"))]


def pool_of(units=UNITS, normal=20, abnormal=6):
    counts = dict(zip(LABELS, (normal, abnormal), strict=True))
    return {
        unit: [
            Clip(f"{label}/{n:02}", unit.id, label, "", "")
            for label in sorted(counts)
            for n in range(counts[label])
        ]
        for unit in units
    }


def digests_of(pool, copies=()):
    """A digest of its own for each clip, but for copies: pairs of (unit, name)."""
    digests = {(u, c.name): f"{u.path}/{c.name}" for u in pool for c in pool[u]}
    return {**digests, **{copy: digests[original] for copy, original in copies}}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_without_copies_a_split_is_the_same(scheme):
    pool = pool_of()
    plain = make_split(pool, scheme, **SCHEMES[scheme])
    assert make_split(pool, scheme, digests=digests_of(pool), **SCHEMES[scheme]) == plain


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("seed", range(3))
def test_copies_have_one_role(scheme, label, seed):
    """Every clip of a unit is there under a second name; so each stands on one side."""
    pool = pool_of(normal=40, abnormal=12)
    half = {"normal": 20, "abnormal": 6}[label]
    copies = [
        ((unit, f"{label}/{half + n:02}"), (unit, f"{label}/{(n + seed) % half:02}"))
        for unit in pool
        for n in range(half)
    ]
    rows = make_split(pool, scheme, digests=digests_of(pool, copies), **SCHEMES[scheme])
    roles = {(row.unit, row.clip): row.role for row in rows}
    assert len(roles) == len(rows)
    assert [roles.get(copy) for copy, _ in copies] == [roles.get(first) for _, first in copies]
    assert any(copy in roles for copy, _ in copies)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_copy_in_another_unit_has_the_role_of_the_first(scheme):
    pool = pool_of()
    copies = [
        ((other, f"normal/{n:02}"), (UNITS[0], f"normal/{19 - n:02}"))
        for other in UNITS[1:]
        for n in range(0, 20, 3)
    ]
    rows = make_split(pool, scheme, digests=digests_of(pool, copies), **SCHEMES[scheme])
    roles = {(row.unit, row.clip): row.role for row in rows}
    for copy, first in copies:
        assert roles.get(copy) == roles.get(first)


def test_the_other_versions_of_a_copy_s_recording_stand_beside_it():
    """Clip 05 at -6 dB is 03: so 05 at 0 dB, which tells the two apart by name alone, is too."""
    units = [Unit("fan", snr, "00") for snr in ("-6dB", "0dB")]
    pool = pool_of(units)
    copies = [((units[0], "normal/05"), (units[0], "normal/03"))]
    options = {"test": 0.4, "seed": 0}
    for seed in range(20):
        rows = make_split(
            pool, "stratified_random", digests=digests_of(pool, copies), **options | {"seed": seed}
        )
        of = {row.role for row in rows if row.clip in ("normal/03", "normal/05")}
        assert len(of) == 1
        assert len(rows) == sum(map(len, pool.values()))


def test_the_corpus_s_own_parts_do_not_separate_copies():
    unit = Unit("fan", "any", "00")
    names = [("normal/test_1", "test"), ("normal/train_1", "train"), ("normal/train_2", "train")]
    clips = [Clip(name, "00", "normal", part, "") for name, part in names]
    pool = {unit: [Clip("abnormal/test_1", "00", "abnormal", "test", ""), *clips]}
    digests = digests_of(pool, [((unit, "normal/train_1"), (unit, "normal/test_1"))])
    rows = make_split(pool, "matched_test", digests=digests)
    assert {row.clip: row.role for row in rows} == {
        "abnormal/test_1": "test",
        "normal/test_1": "test",
        "normal/train_1": "test",
        "normal/train_2": "train",
    }


@pytest.mark.parametrize("other", [0, 1, 2])
def test_a_copy_under_another_label_is_refused(other):
    pool = pool_of()
    pair = [((UNITS[other], "normal/01"), (UNITS[0], "abnormal/00"))]
    place = f"{UNITS[other].path}/normal/01 has the same samples as fan/-6dB/id_00/abnormal/00"
    with pytest.raises(UserError, match=f"{place}, under another label; delete"):
        make_split(pool, "matched_test", digests=digests_of(pool, pair))


def test_clips_without_a_digest_copy_nothing():
    pool = pool_of()
    silent = dict.fromkeys(digests_of(pool), "")
    assert make_split(pool, "matched_test", digests=silent) == make_split(pool, "matched_test")
    assert told(silent) == []


def test_copies_are_told_in_one_line():
    pool = pool_of()
    copies = [((UNITS[0], f"normal/{n:02}"), (UNITS[0], "normal/00")) for n in range(1, 6)]
    (line,) = told(digests_of(pool, copies))
    first = "fan/-6dB/id_00/normal/01 of fan/-6dB/id_00/normal/00"
    assert first in line
    assert line.endswith("2 more")


def test_digests_are_read_unit_by_unit_and_a_clip_without_one_is_named(tmp_path):
    pool = pool_of(UNITS[:1], 1, 1)
    table = tmp_path / "q.csv"
    write_sealed(table, ("clip", "digest"), [("normal/00", "a"), ("abnormal/00", "b")])
    assert read_digests(pool, [table]) == {
        (UNITS[0], "abnormal/00"): "b",
        (UNITS[0], "normal/00"): "a",
    }
    write_sealed(table, ("clip", "digest"), [("normal/00", "a")])
    with pytest.raises(UserError, match=f"{table}: lacks abnormal/00; delete the table"):
        read_digests(pool, [table])
