"""What docs/security.md says of the sources as a whole, and of what is trusted."""

import ast
import re

import pytest
from snakemake.common.configfile import load_configfile

from mimii_bench.util.documents import read_yaml
from mimii_bench.util.plugins import load
from samples import ROOT

SOURCES = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("workflow/scripts/*.py")])
NETWORK = {
    "requests",
    "urllib",
    "urllib3",
    "http",
    "socket",
    "ftplib",
    "smtplib",
    "pooch",
    "aiohttp",
}
PROCESSES = {"subprocess", "pty"}
#: The one that fetches, and only where `mimii.download: true` allows it.
FETCHES = "src/mimii_bench/corpus/download.py"
#: The one that runs the workflow, for mimii-bench compare, and the one that asks a queue.
STARTS = ["src/mimii_bench/cli/engine.py", "src/mimii_bench/util/queue.py"]
HTML = re.compile(r"</?(html|body|table|tr|td|script|a href)\b|to_html", re.IGNORECASE)


def imported(path):
    """The first names of all modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "wrapt.lazy_import":
            yield node.args[0].value.split(".")[0]


def named(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_one_module_uses_the_network():
    assert named(path for path in SOURCES if NETWORK & {*imported(path)}) == [FETCHES]


def test_two_sources_start_programs_the_workflow_and_a_queue_s():
    assert named(path for path in SOURCES if PROCESSES & {*imported(path)}) == STARTS
    calls = re.compile(r"\bos\.(system|popen|exec\w+|spawn\w+)\(")
    assert named(path for path in SOURCES if calls.search(path.read_text())) == []


def test_no_source_unpacks_an_archive():
    unpacks = re.compile(r"\.extract(all)?\(|unpack_archive|tarfile")
    assert named(path for path in SOURCES if unpacks.search(path.read_text())) == []


def test_no_source_writes_html():
    """One that does must escape every name, and have a test that says so in the place of this."""
    assert named(path for path in SOURCES if HTML.search(path.read_text())) == []


@pytest.mark.parametrize("text", ["<td>{name}</td>", "table.to_html(path)", "<script>"])
def test_html_is_seen(text):
    assert HTML.search(text)


def test_snakemake_evaluates_expressions_in_what_is_laid_over_the_configuration(tmp_path):
    """Why such a file is trusted; a report.yaml is read as it stands."""
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text("__use_yte__: true\nrun: ?'a' * 3\n")
    assert load_configfile(str(overlay))["run"] == "aaa"
    assert read_yaml(overlay)["run"] == "?'a' * 3"


def test_a_class_that_a_report_names_is_imported(tmp_path):
    """Why reports are trusted: what stands at the top of its file runs when it is read."""
    (tmp_path / "mine.py").write_text(
        "from pathlib import Path\n\nPath(__file__).with_name('ran').touch()\n\nclass Mine: ...\n"
    )
    load("systems", f"{tmp_path / 'mine.py'}:Mine")
    assert (tmp_path / "ran").exists()
