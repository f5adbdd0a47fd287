"""What a mistake in config.yaml or report.yaml ends in."""

import copy

import pytest
import yaml

from mimii_bench.util.errors import UserError
from mimii_bench.util.schema import check
from samples import ROOT, read_schema


@pytest.fixture(scope="module")
def schema():
    return read_schema("config")


@pytest.fixture
def config():
    return yaml.safe_load((ROOT / "config.yaml").read_text())


def set_key(config, key, value):
    *parents, last = key.split(".")
    for parent in parents:
        config = config[parent]
    config[last] = value


def merged(config, other):
    """Lay `other` over `config`, as Snakemake does with --configfile."""
    config = copy.deepcopy(config)
    for key, value in other.items():
        nested = isinstance(value, dict) and isinstance(config.get(key), dict)
        config[key] = merged(config[key], value) if nested else value
    return config


def test_the_project_s_own_configurations_are_valid(config, schema):
    check(config, schema, "config.yaml")
    files = sorted((ROOT / "config").glob("*.yaml"))
    assert files
    for path in files:
        check(merged(config, yaml.safe_load(path.read_text())), schema, path.name)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("corpus", "mimi", "corpus: 'mimi' is not one of simulated, mimii; did you mean mimii"),
        ("device", "gpu", "device: 'gpu' is not one of auto, cpu, cuda"),
        ("mimii.layout", "zips", "mimii.layout: 'zips' is not one of zip, folder, dcase2020"),
        ("simulated.snrs", ["-6dB", "3dB"], "simulated.snrs.1: '3dB' is not one of -6dB, 0dB, 6dB"),
        ("simulated.ids", [0], "simulated.ids.0: 0 is not one of 00, 02, 04, 06"),
        ("threads_per_job", 0, "threads_per_job: 0 is less than the minimum of 1"),
        ("on_the_fly", "complex_stft", "on_the_fly: 'complex_stft' is not of type 'array'"),
        ("threads_per_job", "all", "threads_per_job: 'all' is not of type 'integer'"),
        ("mimii.download", "yes", "mimii.download: 'yes' is not of type 'boolean'"),
        ("reports", [], "reports: .* should be non-empty"),
        ("budgets.demo.max_steps", 0, "budgets.demo.max_steps: 0 is less than the minimum of 1"),
        ("mimii.foldr", "x", "mimii: unknown key 'foldr'; allowed: folder, layout, download"),
        ("corpora", "x", "unknown key 'corpora'; allowed: corpus, results, run, budget"),
    ],
)
def test_a_wrong_value_names_file_key_value_and_what_is_allowed(
    config, schema, key, value, message
):
    set_key(config, key, value)
    with pytest.raises(UserError, match=f"^config.yaml: {message}"):
        check(config, schema, "config.yaml")


def test_a_missing_key_is_named(config, schema):
    del config["mimii"]["folder"]
    with pytest.raises(UserError, match=r"^config.yaml: mimii: 'folder' is a required property"):
        check(config, schema, "config.yaml")


def test_the_message_is_one_line(config, schema):
    config["budgets"] = {"demo": {"max_steps": -1}}
    with pytest.raises(UserError) as caught:
        check(config, schema, "config.yaml")
    assert "\n" not in str(caught.value)
