"""The docs site: built strictly, whole, and fetching nothing."""

import ast
import re
import subprocess
import sys
import zlib

import pytest

from samples import ROOT

PACKAGE = ROOT / "src/mimii_bench"
BUILD = ("-W", "--keep-going", "-q", "-b", "html", "-c", "docs", ".")
#: What a browser fetches by itself when it shows a page.
FETCHED = re.compile(r'<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?//[^"]*"')


def public(body, before):
    """Yield (full name, node) of the public functions and classes of a module or a class."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_":
            yield f"{before}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{before}.{node.name}")


def modules():
    """Yield (full name, tree) of every module of the library."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, ast.parse(path.read_text())


def in_reference():
    """Return the full names of all that the reference has to tell of: what is public, by itself."""
    return [
        name
        for module, tree in modules()
        if module != "mimii_bench"
        for name, node in public(tree.body, module)
        if ast.get_docstring(node) and "." not in name.removeprefix(f"{module}.")
    ]


def test_every_module_class_and_function_says_what_it_is():
    """A class that derives from one of the library may leave a method's text to that."""
    silent = [name for name, tree in modules() if not ast.get_docstring(tree)]
    silent += [
        name
        for module, tree in modules()
        for name, node in public(tree.body, module)
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_the_reference_lists_every_room():
    listed = re.findall(r"^   (mimii_bench\.[\w.]+)$", (ROOT / "docs/api.md").read_text(), re.M)
    rooms = {path.parent.relative_to(PACKAGE.parent) for path in PACKAGE.glob("*/**/__init__.py")}
    assert sorted(listed) == sorted(".".join(room.parts) for room in rooms)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built(tmp_path_factory.mktemp("site"))


def built(folder):
    """Return the folder of the site, or fail with the warnings of its build."""
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *BUILD, "-d", folder / "doctrees", folder / "html"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.mark.whole
def test_it_is_built_without_a_warning_and_starts_at_its_index(site):
    start = (site / "index.html").read_text()
    assert (site / re.search(r'url=([^"]+)"', start)[1]).exists()


@pytest.mark.whole
def test_a_page_fetches_nothing_from_elsewhere(site):
    assert {
        page.name: FETCHED.findall(page.read_text())
        for page in site.rglob("*.html")
        if FETCHED.search(page.read_text())
    } == {}
    assert not [
        one for one in site.rglob("*.css") if re.search(r"url\(['\"]?https?:", one.read_text())
    ]


@pytest.mark.whole
def test_the_reference_has_every_public_class_and_function(site):
    listed = zlib.decompress((site / "objects.inv").read_bytes().split(b"\n", 4)[4]).decode()
    told = {line.split(" ", 1)[0] for line in listed.splitlines()}
    assert [name for name in in_reference() if name not in told] == []


@pytest.mark.parametrize(
    "tag", ['<script async src="https://a/b.js">', '<link rel="x" href="//a/b.css">']
)
def test_what_a_browser_fetches_is_seen(tag):
    assert FETCHED.search(tag)
