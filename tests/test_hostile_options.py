"""Every option of all that a report may name, given what it does not allow.

Options and what they allow are read from the classes: a new one is tried without a word here.
"""

import re
from typing import NamedTuple

import pytest

import make_option_pages as pages
from hostile import wrong_values
from mimii_bench import evaluation, features, figures, splits, systems
from mimii_bench.corpus.own import Description
from mimii_bench.evaluation.thresholds import Threshold
from mimii_bench.features.base import Feature
from mimii_bench.figures.base import Figure
from mimii_bench.reports.checks import check_spec
from mimii_bench.splits.base import Split
from mimii_bench.systems.base import System
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.options import Options, checked

ROOMS = ((systems, System), (features, Feature), (splits, Split), (evaluation, Threshold))
CLASSES = [
    found for room, base in (*ROOMS, (figures, Figure)) for found in pages.classes(room, base)
]
FILE = "reports/mine/report.yaml"


def properties(model: type[Options]) -> dict:
    """The JSON schema of each option."""
    return model.model_json_schema().get("properties", {})


class Tried(NamedTuple):
    """An option, and what declares it."""

    of: type
    option: str

    def __str__(self):
        return f"{self.of.__name__}.{self.option}"

    @property
    def model(self) -> type[Options]:
        return getattr(self.of, "Options", self.of)

    @property
    def values(self) -> list:
        """What the option does not allow."""
        return list(wrong_values(properties(self.model)[self.option]))


TRIED = [Tried(of, option) for of in CLASSES for option in properties(of.Options)]
DESCRIBED = [Tried(Description, option) for option in properties(Description)]


def unknown_names(model: type[Options]) -> list[str]:
    """Names that no model has, and those of this one with a slip."""
    first = list(properties(model))[:1]
    slips = [slip for name in first for slip in (name[:-1], f"{name}s_", name.upper(), f"{name} ")]
    return ["no_such_option", "Seed", "model_config", "__class__", *filter(None, slips)]


def a_value(schema: dict) -> object:
    """Return a value that an option allows."""
    if schema["type"] == "integer":
        return max(3, schema.get("minimum", 3))
    return {"number": 0.5, "string": "a"}[schema["type"]]


def needed(model: type[Options]) -> dict:
    """What must be given for an object of a model to be made, with any allowed value."""
    given = {
        name: a_value(properties(model)[name])
        for name, field in model.model_fields.items()
        if field.is_required()
    }
    return {**given, **({"batch_size": 8} if "batch_size" in model.model_fields else {})}


def spec_with(of: type, options: dict) -> dict:
    """A report.yaml that gives a class these options, and the key that they stand under."""
    spec = {
        "units": {"machine": ["fan"], "snr": ["0dB"], "id": ["00"]},
        "pool": ["machine"],
        "split": {"scheme": "matched_test"},
        "features": {"frames": {"class": "samples.Samples"}},
        "systems": {},
        "tables": {},
    }
    name = pages.named(of)
    if issubclass(of, Split):
        spec["split"] = {**options, "scheme": name}
        return spec, "split"
    if issubclass(of, Feature):
        spec["features"]["frames"] = {**options, "class": name}
        return spec, "features.frames"
    if issubclass(of, Threshold):
        spec["evaluation"] = {"default": {"threshold": {**options, "class": name}}}
        return spec, "evaluation.default.threshold"
    if issubclass(of, Figure):
        spec["figures"] = {"mine": {"plot": name, "options": options, of.kind: []}}
        return spec, "figures.mine.options"
    inputs = [{"feature": "frames", "mix": "ch0"}] * inputs_of(of)
    spec["systems"]["mine"] = {"class": name, "options": options, "inputs": inputs}
    if of.learns == "label":
        spec["split"] = {"scheme": "stratified_random", "test": 0.3}
        spec["systems"]["mine"]["supervised"] = True
    return spec, "systems.mine.options"


def inputs_of(of: type) -> int:
    """How many inputs a system takes."""
    names = of.fit.__code__.co_varnames[1 : of.fit.__code__.co_argcount]
    return len([name for name in names if name != "validation"]) - (of.learns is not None)


@pytest.mark.parametrize("of", CLASSES, ids=lambda of: of.__name__)
def test_what_the_cases_are_made_of_is_allowed(of):
    spec, _ = spec_with(of, needed(of.Options))
    check_spec(spec, [])


def answer(of: type, options: dict) -> str:
    """What a report that gives a class these options is answered with."""
    spec, where = spec_with(of, {**needed(of.Options), **options})
    try:
        with about(FILE):
            check_spec(spec, [])
    except UserError as error:
        return str(error).replace(f"{FILE}: {where}", "WHERE", 1)
    return "nothing"


def is_told(message: str, option: str) -> bool:
    """Tell whether a message names the key, and what is allowed, in one short line."""
    told = "should" in message or "write" in message or "give" in message
    place = re.match(rf"WHERE\.{option}(\.\d+)*: ", message)
    return bool(place) and told and _is_short(message)


def _is_short(message: str) -> bool:
    return "\n" not in message and len(message) < 500


@pytest.mark.parametrize("tried", TRIED, ids=str)
def test_what_an_option_does_not_allow_is_refused_in_one_line(tried):
    answers = [(value, answer(tried.of, {tried.option: value})) for value in tried.values]
    assert [one for one in answers if not is_told(one[1], tried.option)] == []


@pytest.mark.parametrize("of", CLASSES, ids=lambda of: of.__name__)
def test_an_unknown_option_is_refused_and_those_there_are_named(of):
    for name in unknown_names(of.Options):
        there = ", ".join(of.Options.model_fields) or "none"
        message = answer(of, {name: 1})
        assert message.startswith(f"WHERE.{name}: ")
        assert message.endswith(f" has no such option; it has {there}")


GEARS = {
    "name": "gears",
    "folder": "recordings",
    "layout": "folder",
    "channels": 4,
    "sample_rate": 48_000,
    "seconds": 10,
}


@pytest.mark.parametrize("tried", DESCRIBED, ids=str)
def test_what_the_description_of_a_corpus_does_not_allow_is_refused_in_one_line(tried):
    for value in tried.values:
        with pytest.raises(UserError) as caught:
            checked(Description, {**GEARS, tried.option: value}, "gears.yaml", "gears.yaml")
        message = str(caught.value).replace("gears.yaml", "WHERE", 1)
        assert is_told(message, tried.option), value


def test_there_are_thousands_of_cases():
    assert sum(len(tried.values) for tried in (*TRIED, *DESCRIBED)) > 3000
