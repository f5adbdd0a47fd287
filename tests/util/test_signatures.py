"""What classes and functions take, read from their source, against what Python says of them."""

import dataclasses
import inspect
import re
import subprocess
import sys

import pytest
import yaml

from mimii_bench.systems.learning.loop import Schedule
from mimii_bench.systems.learning.network import NetworkSystem
from mimii_bench.util import plugins, provenance, signatures
from mimii_bench.util.errors import UserError
from mimii_bench.util.signatures import signature_of
from samples import ROOT

SPECS = [yaml.safe_load(path.read_text()) for path in sorted(ROOT.glob("reports/*/report.yaml"))]
SPECS.append(yaml.safe_load((ROOT / "leaderboard/leaderboard.yaml").read_text()))


def named(section):
    """Every class that a report or the leaderboard names in a section."""
    given = [one for spec in SPECS for one in spec.get(section, {}).values()]
    return sorted({one["class"] for one in given if "class" in one})


def keywords(function):
    return {
        name: parameter.default is parameter.empty
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }


@pytest.mark.parametrize("name", named("systems"))
def test_a_system_takes_what_its_constructors_name_and_networks_a_schedule(name):
    system = plugins.load("systems", name)
    expected = {}
    for base in reversed(system.__mro__[:-1]):
        expected |= keywords(base.__init__)
    if issubclass(system, NetworkSystem):
        expected |= {field.name: False for field in dataclasses.fields(Schedule)}
    assert signature_of("systems", name).parameters == expected
    assert not signature_of("systems", name).open


@pytest.mark.parametrize("name", named("features"))
def test_a_feature_takes_what_its_constructor_names(name):
    takes = signature_of("features", name)
    assert takes.parameters == keywords(plugins.load("features", name).__init__)
    assert not takes.open


PLOTS = sorted({plot["plot"] for spec in SPECS for plot in spec.get("figures", {}).values()})


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_takes_what_python_says(name):
    parameters = inspect.signature(plugins.load("figures", name)).parameters
    expected = {name: one.default is one.empty for name, one in parameters.items()}
    assert signature_of("figures", name).parameters == expected


def taken(folder, monkeypatch, text, other=""):
    """What `one.It` takes, of modules written for the purpose."""
    root = folder / "mimii_bench"
    (root / "systems").mkdir(parents=True)
    (root / "systems/one.py").write_text(text)
    (root / "systems/other.py").write_text(other)
    monkeypatch.setattr(provenance, "_ROOT", root)
    monkeypatch.setattr(signatures, "module_name", lambda kind, name: f"mimii_bench.{kind}.one")
    return signature_of("systems", "one.It")


BASE = "class Base:\n def __init__(self, first, *, a=1, b, c=2): ...\n"


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("class It: ...", {}),
        ("def It(x, y=1, *, z, w=None): ...", {"x": True, "y": False, "z": True, "w": False}),
        (BASE + "class It(Base): ...", {"first": True, "a": False, "b": True, "c": False}),
        (
            BASE + "class It(Base):\n def __init__(self, *, d, **o): super().__init__(d, **o)",
            {"d": True, "a": False, "b": True, "c": False},
        ),
        (
            BASE + "class It(Base):\n def __init__(self, **o): super().__init__(1, b=2, **o)",
            {"a": False, "c": False},
        ),
        (
            "from dataclasses import dataclass\n@dataclass(frozen=True)\n"
            "class Plan:\n epochs: int\n rate: float = 1.0\n def steps(self): ...\n"
            "class It:\n def __init__(self, n=1, **o):\n  self.plan = Plan(**o)",
            {"n": False, "epochs": True, "rate": False},
        ),
        (
            "from mimii_bench.systems.other import Base as B\nclass It(B): ...",
            {"first": True, "a": False, "b": True, "c": False},
        ),
        (
            "from mimii_bench.systems.other import Base as It",
            {"first": True, "a": False, "b": True, "c": False},
        ),
    ],
)
def test_options_are_followed_to_where_they_go(tmp_path, monkeypatch, text, parameters):
    found = taken(tmp_path, monkeypatch, text, BASE)
    assert found.parameters == parameters
    assert not found.open


@pytest.mark.parametrize(
    "text",
    [
        "from functools import partial\nIt = partial(print, 1)",
        "from sklearn.svm import OneClassSVM\nclass It(OneClassSVM): ...",
        "import torch\nclass It(torch.nn.Module): ...",
        "class It:\n def __init__(self, **options): self.options = options",
        "class A: ...\nclass B: ...\nclass It(A, B): ...",
    ],
)
def test_what_cannot_be_told_is_not_refused(tmp_path, monkeypatch, text):
    found = taken(tmp_path, monkeypatch, text)
    assert found.open
    found.check({"anything": 1}, "systems.mine.options")


def test_what_is_added_by_others_is_no_option():
    takes = signature_of("systems", "dense_autoencoder.DenseAutoencoder")
    takes.check(["hidden", "epochs"], "there", ["seed", "device"])
    with pytest.raises(UserError, match=r"^there\.seed: DenseAutoencoder has no such option; it"):
        takes.check(["seed"], "there", ["seed", "device"])


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        (
            "evaluation",
            "thresholds.GamaThreshold",
            "evaluation/thresholds.py has no name 'GamaThreshold'",
        ),
        ("figures", "scores.rocc", "figures/scores.py has no name 'rocc'"),
        ("figures", "scores", "figures/scores.py has no name ''"),
        ("systems", "gan.Gan", "there is no systems/gan.py"),
    ],
)
def test_a_name_that_is_not_there_is_said_the_same_way_before_and_in_a_job(kind, name, message):
    for look in (signature_of, plugins.load):
        with pytest.raises(UserError, match=f"^{re.escape(f'{name}: {message}')}$"):
            look(kind, name)


def test_reading_all_reports_imports_nothing_slow():
    """Each of these takes more than a tenth of a second, at every look at the workflow."""
    script = """
import sys
from mimii_bench.reports.report import load_report
from samples import ROOT, read_schema
for path in ROOT.glob("reports/*/report.yaml"):
    load_report(path.parent, read_schema("report"))
print({"scipy", "pandas", "torch", "librosa", "sklearn", "matplotlib"} & {*sys.modules})
"""
    paths = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
    done = subprocess.run([sys.executable, "-c", script], env=paths, capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr
