"""What Markdown and YAML files name: files, modules and links that are there."""

import re
from importlib import import_module

import pytest

from samples import ROOT

#: What begins with one of these is meant to be in the repository.
FOLDERS = (
    *("benchmarks", "config", "docs", "experiments", "leaderboard", "profiles", "reports"),
    *("src", "tests", "workflow"),
)
FILES = sorted(
    file
    for place in (ROOT.glob("*"), *((ROOT / folder).rglob("*") for folder in FOLDERS))
    for file in place
    if file.suffix in (".md", ".yaml")
)
_PATH = re.compile(rf"(?<![\w/.-])(?:{'|'.join(FOLDERS)})/[\w./*-]*(?![\w./*<{{-])")


def names(path):
    return str(path.relative_to(ROOT))


def paths_in(text):
    """Return the paths in a text that begin with a folder of ours, `*` included.

    Examples are none, `reports/<key>/report.yaml`.
    """
    return {found.rstrip("./") for found in _PATH.findall(text)}


def is_there(module):
    """Tell whether a dotted name is a module of the library, or a name in one."""
    try:
        import_module(module)
    except ModuleNotFoundError:
        before, _, name = module.rpartition(".")
        return bool(before) and is_there(before) and hasattr(import_module(before), name)
    return True


@pytest.mark.parametrize("path", FILES, ids=names)
def test_what_a_file_names_is_there(path):
    text = path.read_text()
    assert [one for one in sorted(paths_in(text)) if not any(ROOT.glob(one))] == []
    modules = set(re.findall(r"\bmimii_bench(?:\.\w+)+", text))
    assert [one for one in sorted(modules) if not is_there(one)] == []


@pytest.mark.parametrize("path", [one for one in FILES if one.suffix == ".md"], ids=names)
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#]*)(#[^)]*)?\)", path.read_text())
    for file, anchor in [(file, anchor) for file, anchor in links if "://" not in file]:
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), file
        if anchor:
            assert anchor[1:] in anchors(target.read_text()), f"{file}{anchor}"


def anchors(text):
    """Return the headings of a Markdown text as GitHub links to them."""
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
