"""No split lets a recording train and test, whatever there is of each unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimii_bench.corpus.base import LABELS, Clip, Unit
from mimii_bench.splits import base
from mimii_bench.splits.base import make_split
from mimii_bench.splits.manifests import ROLES
from mimii_bench.util.errors import UserError

SCHEMES = sorted({path.stem for path in base._FOLDER.glob("[a-z]*.py")} - {*base._NO_SCHEMES})
SHARES = st.floats(0.05, 0.9)
#: Options of the schemes that take some.
OPTIONS = {
    "dcase_development": {"test_normal": st.integers(1, 12)},
    "random_draw": {"train": st.integers(1, 20), "test": st.integers(1, 9)},
    "stratified_folds": {"folds": st.integers(3, 7), "balanced": st.booleans()},
    "stratified_random": {"test": SHARES, "validation": SHARES, "contiguous": st.booleans()},
}
SEEDED = ("half_of_anomalies", "random_draw", "stratified_folds", "stratified_random")


@st.composite
def pools(draw):
    """Units of one type of machine with any clips of few names, others at every SNR."""
    units = draw(
        st.lists(
            st.builds(
                Unit,
                st.just("fan"),
                st.sampled_from(["-6dB", "0dB"]),
                st.sampled_from(["00", "02"]),
            ),
            min_size=1,
            max_size=4,
            unique=True,
        )
    )
    numbers = st.sets(st.integers(0, 14), max_size=15)
    return {
        unit: [
            Clip(f"{label}/{number:08d}", unit.id, label, "", "")
            for label in sorted(LABELS)
            for number in sorted(draw(numbers))
        ]
        for unit in units
    }


def split_of(data, pool, scheme):
    if scheme == "given_parts":
        # One part for a name, also at another SNR, as a set that is split has it.
        part = st.sampled_from(("train", "test"))
        parts = {clip.name: data.draw(part) for clips in pool.values() for clip in clips}
        pool = {
            unit: [clip._replace(part=parts[clip.name]) for clip in clips]
            for unit, clips in pool.items()
        }
    options = {name: data.draw(values) for name, values in OPTIONS.get(scheme, {}).items()}
    if scheme in SEEDED:
        options["seed"] = data.draw(st.integers(0, 3))
    try:
        return make_split(pool, scheme, **options)
    except UserError:
        return []


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data(), pool=pools())
def test_no_recording_has_two_roles(scheme, data, pool):
    rows = split_of(data, pool, scheme)
    roles = {}
    for row in rows:
        assert roles.setdefault((row.machine, row.id, row.clip), row.role) == row.role
    assert {*roles.values()} <= {*ROLES}


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data(), pool=pools())
def test_clips_are_those_of_the_pool_each_at_most_once(scheme, data, pool):
    rows = [(row.unit, row.clip, row.label) for row in split_of(data, pool, scheme)]
    there = {(unit, clip.name, clip.label) for unit, clips in pool.items() for clip in clips}
    assert len({*rows}) == len(rows)
    assert {*rows} <= there
    # All but the draw of a fixed number use whatever there is.
    assert not rows or scheme == "random_draw" or {*rows} == there


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data(), pool=pools())
def test_a_split_that_is_made_can_be_trained_and_tested(scheme, data, pool):
    rows = split_of(data, pool, scheme)
    needed = {("train", "normal"), *(("test", label) for label in LABELS)}
    assert not rows or needed <= {(row.role, row.label) for row in rows}
