"""The contract of split schemes: options, seeds, and schemes from outside."""

import hashlib

import pytest

from mimii_bench.corpus.base import Clip, Unit
from mimii_bench.splits import base
from mimii_bench.splits.base import Split, load_split, make_split, plugin_name, rule_of
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import checked

SCHEMES = sorted({path.stem for path in base._FOLDER.glob("[a-z]*.py")} - {*base._NO_SCHEMES})
UNITS = [Unit("fan", snr, id) for snr in ("-6dB", "6dB") for id in ("00", "02")]
#: Those that draw, with options, and a digest of the manifest that they have always drawn.
DRAWN = {
    "random_draw": ({"train": 60, "test": 12}, "fa326425894670b3"),
    "stratified_folds": ({"folds": 5}, "68b74d510b8086cc"),
    "stratified_random": ({"test": 0.2, "validation": 0.2}, "b57de487eadd4000"),
    "half_of_anomalies": ({}, "1243d726614a24db"),
}
OUTSIDE = '''
from typing import Annotated

from pydantic import Field

from mimii_bench.splits.base import Split


class LastTests(Split):
    """Test on the last of each label."""

    class Options(Split.Options):
        tested: Annotated[int, Field(ge=1, description="Clips of each label that test.")] = 2
        role: Annotated[str, Field(description="What they are for.")] = "test"
        times: Annotated[int, Field(ge=1, description="How often they are given.")] = 1

    def roles(self, pool, recordings=None):
        for unit, clips in pool.items():
            for label in ("normal", "abnormal"):
                own = [clip for clip in clips if clip.label == label]
                for clip in own[-self.options.tested :] * self.options.times:
                    yield unit, clip, self.options.role
                if label == "normal":
                    for clip in own[: -self.options.tested]:
                        yield unit, clip, "train"
                elif self.options.role != "test":
                    yield unit, own[0], "test"
            if self.options.role != "test":
                yield unit, own[0]._replace(name="normal/x", label="normal"), "test"
'''


def pool():
    numbers = (("normal", 40), ("abnormal", 11))
    clips = [
        Clip(f"{label}/{k:08d}", "00", label, "", "") for label, n in numbers for k in range(n)
    ]
    return dict.fromkeys(UNITS, clips)


def with_parts(clips):
    """Return clips of a set that is split already: the abnormal ones and a few others test."""
    tested = {clip for clip in clips if clip.label == "abnormal" or clip.name.endswith("7")}
    return [clip._replace(part="test" if clip in tested else "train") for clip in clips]


def digest(rows):
    text = "\n".join(",".join(row[:6]) for row in rows)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def counted(rows):
    found = {}
    for row in rows:
        found[row.role, row.label] = found.get((row.role, row.label), 0) + 1
    return found


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_is_a_class_of_the_name_of_its_module(scheme):
    found = load_split(scheme)
    assert issubclass(found, Split)
    assert found.__module__ == f"mimii_bench.splits.{scheme}"
    assert plugin_name(scheme) == f"{scheme}.{found.__name__}"
    assert rule_of(scheme).endswith(".")
    assert all(field.description for field in found.Options.model_fields.values())


@pytest.mark.parametrize("scheme", DRAWN)
def test_seed_0_is_the_draw_that_has_always_been_made(scheme):
    options, expected = DRAWN[scheme]
    assert digest(make_split(pool(), scheme, **options)) == expected
    assert digest(make_split(pool(), scheme, **options, seed=0)) == expected


@pytest.mark.parametrize("scheme", DRAWN)
def test_another_seed_is_another_draw_of_the_same_sizes(scheme):
    options, _ = DRAWN[scheme]
    draws = [make_split(pool(), scheme, **options, seed=seed) for seed in (0, 1, 2, 1)]
    assert len({digest(rows) for rows in draws}) == 3
    assert digest(draws[1]) == digest(draws[3])
    if scheme != "random_draw":
        assert counted(draws[0]) == counted(draws[1])
    else:
        # How many recordings are kept apart, and so are left to train, is of the draw.
        assert counted(draws[1])["test", "normal"] == counted(draws[0])["test", "normal"]


@pytest.mark.parametrize("seed", [1, 7])
def test_with_any_seed_versions_of_a_recording_at_other_snrs_have_one_role(seed):
    for scheme in ("half_of_anomalies", "stratified_random", "random_draw"):
        found = {}
        for row in make_split(pool(), scheme, **DRAWN[scheme][0], seed=seed):
            if row.label == "normal" or scheme != "random_draw":
                found.setdefault((row.id, row.clip), set()).add(row.role)
        assert set(map(len, found.values())) == {1}


@pytest.mark.parametrize(
    ("scheme", "options", "message"),
    [
        ("matched_test", {"test": 0.2}, "split.test: A has no such option; it has none"),
        ("matched_test", {"seed": 1}, "split.seed: A has no such option"),
        ("dcase_development", {}, "split: A needs the option test_normal"),
        ("dcase_development", {"test_normal": 0}, "split.test_normal: 0 is not allowed"),
        ("random_draw", {"train": 1, "test": 1, "apart": 1}, "split.apart: 1 is not allowed"),
        ("stratified_folds", {"folds": 2}, "split.folds: 2 is not allowed"),
        ("stratified_random", {"test": 1.0}, "split.test: 1.0 is not allowed"),
        ("stratified_random", {"test": 0.2, "validation": 1.5}, "split.validation: 1.5 is not"),
        ("half_of_anomalies", {"seed": -1}, "split.seed: -1 is not allowed"),
    ],
)
def test_an_option_that_is_not_allowed_is_named(scheme, options, message):
    with pytest.raises(UserError) as caught:
        checked(load_split(scheme).Options, options, "A", "split")
    assert str(caught.value).startswith(message)


def test_an_unknown_scheme_is_named_with_those_there_are():
    with pytest.raises(UserError, match=f"split.scheme: 'matched' is not {', '.join(SCHEMES)}"):
        load_split("matched")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_scheme_gives_a_clip_twice(scheme):
    options = {**DRAWN, "dcase_development": ({"test_normal": 9}, "")}.get(scheme, ({}, ""))[0]
    given = {unit: with_parts(clips) for unit, clips in pool().items()}
    rows = make_split(given if scheme == "given_parts" else pool(), scheme, **options)
    assert len({(row.unit, row.clip) for row in rows}) == len(rows)


def test_the_parts_of_a_set_are_the_roles_and_without_parts_there_is_no_such_split():
    given = {unit: with_parts(clips) for unit, clips in pool().items()}
    rows = make_split(given, "given_parts")
    parts = {(unit, clip.name): clip.part for unit, clips in given.items() for clip in clips}
    assert {(row.unit, row.clip): row.role for row in rows} == parts
    with pytest.raises(UserError, match=r"fan/-6dB/id_00/normal/00000000: its set has no parts"):
        make_split(pool(), "given_parts")


@pytest.fixture
def outside(tmp_path):
    path = tmp_path / "last.py"
    path.write_text(OUTSIDE)
    return f"{path}:LastTests"


def test_a_scheme_from_outside_is_one_like_any_other(outside):
    rows = make_split(pool(), outside, tested=3)
    expected = {("train", "normal"): 37, ("test", "normal"): 3, ("test", "abnormal"): 3}
    assert counted(rows) == {key: 4 * number for key, number in expected.items()}
    assert rule_of(outside) == "Test on the last of each label."
    with pytest.raises(UserError, match="tested: 0 is not allowed"):
        make_split(pool(), outside, tested=0)


@pytest.mark.parametrize("options", [{"role": "watch"}, {"times": 2}])
def test_a_clip_has_one_role_of_those_there_are(outside, options):
    message = r"^fan/-6dB/id_00, .*: the split .*:LastTests must give a clip one role, of train, "
    with pytest.raises(UserError, match=message):
        make_split(pool(), outside, **options)
