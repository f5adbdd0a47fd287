"""The page docs/options.md: up to date, and in words that a report can use."""

import re

import pytest
import yaml

import make_option_pages as maker
from mimii_bench.corpus.own import Description
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.learning.schedule import Schedule
from mimii_bench.util.option_words import allowed, as_yaml, default
from samples import ROOT


def named_in(report):
    """Return the classes and the split scheme that a report.yaml names, of our own."""
    spec = yaml.safe_load(report.read_text())
    evaluation = spec.get("evaluation", {})
    rules = [evaluation.get("default", {}), *evaluation.get("variants", {}).values()]
    yield from (system["class"] for system in spec.get("systems", {}).values())
    yield from (feature["class"] for feature in spec.get("features", {}).values())
    yield from (figure["plot"] for figure in spec.get("figures", {}).values())
    yield from (rule["threshold"]["class"] for rule in rules if "threshold" in rule)
    yield spec["split"]["scheme"]


def test_the_committed_page_is_up_to_date():
    assert maker.page() == maker.PAGE.read_text(), f"docs/options.md: run {maker.COMMAND}"


def test_all_that_reports_name_is_in_the_page():
    headings = set(re.findall(r"^### `(.*)`$", maker.PAGE.read_text(), re.M))
    used = {name for path in ROOT.glob("reports/*/report.yaml") for name in named_in(path)}
    assert used <= headings


def test_an_option_is_told_once_or_with_another_default():
    table, shared = maker.told_options(DenseAutoencoder.Options)
    assert "`hidden`" in table
    assert "`epochs`" not in table
    assert shared == ["Every network", "Networks on windows of frames"]


@pytest.mark.parametrize(
    ("model", "name", "words", "told"),
    [
        (Schedule, "epochs", "int >= 1, <= 1e+06", "`50`"),
        (Schedule, "batch_fraction", "number > 0, <= 1 or `null`", "`null`"),
        (Schedule, "betas", "list of number >= 0, < 1; 2 of them", "`[0.9, 0.999]`"),
        (Schedule, "eps", "number > 0", "`1.0e-08`"),
        (DenseAutoencoder.Options, "loss", "`mse`, `half_sum`", "`mse`"),
        (Description, "seconds", "number > 0, <= 86400 or `any`", "required"),
    ],
)
def test_what_is_allowed_is_told_in_words(model, name, words, told):
    schema = model.model_json_schema()["properties"][name]
    assert (allowed(schema, "`"), default(model, name, "`")) == (words, told)


def test_defaults_are_read_by_yaml_as_what_they_are():
    for value in (1e-8, 2.2e-16, 0.0, 3, True, None, [0.9, 1.0], "hann"):
        assert yaml.safe_load(as_yaml(value)) == value
