"""Which source files a module runs, and that modules import only downwards."""

import ast
import sys
from importlib.util import resolve_name

import pytest

from mimii_bench import provenance
from mimii_bench.provenance import source_files
from samples import ROOT

PACKAGE = ROOT / "src/mimii_bench"
LAYERS = (
    {"errors", "seeds", "cells"},
    {"atomic", "documents", "schema", "plugins", "provenance", "signatures"},
    {"records"},
    {"corpus"},
    {"manifests"},
    {"audio"},
    {"features"},
    {"scoring"},
    {"systems"},
    {"splitting", "splits"},
    {"scores", "metrics", "published"},
    {"experiment", "interruption", "plan", "evaluation", "reports"},
    {"jobs", "reproduction", "counts", "tables", "audit", "unprinted"},
    {"claims", "outcomes", "leaderboard"},
    {"figures", "report_tables"},
)
#: Stages that know nothing of one another although one stands above the other.
APART = {"systems": {"corpus", "audio", "features"}, "audio": {"corpus.simulate"}}
#: But filters that are learned start where those of the feature stay.
EXCEPTIONS = {("systems.learned_sinc_cnn", "features.sinc")}


def files(*modules):
    return {str(path.relative_to(PACKAGE)) for path in source_files(*modules)}


def write_package(folder, monkeypatch, **modules):
    root = folder / "mimii_bench"
    for name, text in modules.items():
        path = root / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        (path.parent / "__init__.py").touch()
    monkeypatch.setattr(provenance, "_ROOT", root)
    return root


def found(root, module):
    paths = source_files(f"mimii_bench.{module}")
    return [str(path.relative_to(root).with_suffix("")) for path in paths]


@pytest.mark.parametrize(
    "statement",
    [
        "import mimii_bench.stage.other",
        "import mimii_bench.stage.other as o",
        "from mimii_bench.stage.other import function",
        "from mimii_bench.stage import other",
        "from . import other",
        "from .other import function",
        "from ..stage.other import function",
        "def late():\n    from mimii_bench.stage.other import function",
    ],
)
def test_every_form_of_import_is_followed(tmp_path, monkeypatch, statement):
    root = write_package(tmp_path, monkeypatch, stage__one=statement, stage__other="x = 1")
    assert {"stage/one", "stage/other"} <= set(found(root, "stage.one"))


def test_imports_are_followed_through_other_modules_and_cycles(tmp_path, monkeypatch):
    root = write_package(
        tmp_path,
        monkeypatch,
        a="from mimii_bench import b\nimport numpy",
        b="from mimii_bench.c import x",
        c="import mimii_bench.a",
        d="",
    )
    assert {"a", "b", "c"} <= set(found(root, "a"))
    assert "d" not in found(root, "a")
    assert found(root, "d") == ["d"]


def test_a_module_that_is_not_there_is_an_error():
    with pytest.raises(ValueError, match=r"mimii_bench.systems.none is no module"):
        source_files("mimii_bench.systems.none")


def test_a_system_runs_its_own_code_and_no_metric():
    used = files("mimii_bench.systems.dense_autoencoder")
    assert {"systems/dense_autoencoder.py", "systems/contexts.py", "systems/training.py"} <= used
    assert "atomic.py" in used
    assert not {"metrics.py", "tables.py", "evaluation.py", "features/logmel.py"} & used


def test_tables_run_the_metrics_and_no_system():
    used = files("mimii_bench.tables", "mimii_bench.reproduction")
    assert {"metrics.py", "evaluation.py", "seeds.py", "corpus/layout.py"} <= used
    assert not any(path.startswith(("systems/", "features/", "audio/")) for path in used)


def test_a_training_does_not_run_the_mixing_of_channels_or_the_simulation():
    used = files("mimii_bench.experiment")
    assert {"features/store.py", "manifests.py"} <= used
    assert not {"audio/mixes.py", "audio/unit.py", "corpus/download.py"} & used
    assert not any(path.startswith("corpus/simulate") for path in used)


def imports():
    """Pairs of (module, full name of what it imports); names as in `features.store`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        package = ".".join(["mimii_bench", *inside.parent.parts])
        name = ".".join(inside.with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from ((name, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = resolve_name("." * node.level + (node.module or ""), package)
                if base == "mimii_bench":
                    yield from ((name, f"{base}.{alias.name}") for alias in node.names)
                else:
                    yield name, base


def test_modules_import_only_from_their_own_layer_or_below():
    rank = {stage: height for height, stages in enumerate(LAYERS) for stage in stages}
    inside = [
        (name, other.removeprefix("mimii_bench."))
        for name, other in imports()
        if other.startswith("mimii_bench")
    ]
    upwards = [
        f"{name} imports {other}"
        for name, other in inside
        if name != "__init__" and rank[other.split(".")[0]] > rank[name.split(".")[0]]
    ]
    assert upwards == []
    strangers = [
        f"{name} imports {other}"
        for name, other in inside
        if any(other.startswith(stage) for stage in APART.get(name.split(".")[0], ()))
        and (name, other) not in EXCEPTIONS
    ]
    assert strangers == []


def test_the_library_knows_no_snakemake():
    assert not [name for name, other in imports() if other.split(".")[0].startswith("snakemake")]


def test_what_the_library_imports_is_pinned():
    text = (ROOT / "requirements.txt").read_text().lower()
    text = text.replace("pyyaml", "yaml").replace("scikit-learn", "sklearn")
    pinned = {line.split("==")[0] for line in text.splitlines()}
    outside = {other.split(".")[0] for _, other in imports()} - sys.stdlib_module_names
    assert outside - {"mimii_bench"} <= pinned
