"""Which source files a module runs, and that modules import only downwards."""

import pytest

from mimii_bench.util import provenance
from mimii_bench.util.provenance import source_files
from samples import ROOT

PACKAGE = ROOT / "src/mimii_bench"


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
