"""The docs site: the Markdown of this checkout and the docstrings of the library, by Sphinx.

    .venv/bin/sphinx-build -W --keep-going -b html -c docs . results/docs

The source is the whole checkout, so that a link between two pages is the same relative path here
and where the files are read as they are.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import click

import mimii_bench

FOUND = [*walk_packages(mimii_bench.__path__, "mimii_bench.")]
#: The modules of each package, which has a page for all of them.
MODULES = {
    room.name: [
        one.name for one in FOUND if not one.ispkg and one.name.rpartition(".")[0] == room.name
    ]
    for room in FOUND
    if room.ispkg
}
# Sphinx imports with TYPE_CHECKING set, under which modules may need each other in a circle, and
# then tells of half a module. One that is there already it takes as it is.
for _found in FOUND:
    _module = import_module(_found.name)
    # A command is told of as the function that it was made of.
    for _name, _command in list(vars(_module).items()):
        if isinstance(_command, click.Command):
            setattr(_module, _name, _command.callback)

project = "MIMII Bench"
author = "The MIMII Bench maintainers"
version = release = mimii_bench.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
]
root_doc = "docs/index"
include_patterns = [
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
    *("docs/**", "reports/*/README.md", "leaderboard/README.md", "config/README.md"),
]
exclude_patterns = [
    "docs/templates",
    *(".*", "benchmarks", "data", "experiments", "profiles", "results", "src", "tests"),
    "workflow",
]
templates_path = [str(Path(__file__).with_name("templates"))]

html_theme = "furo"
html_title = f"MIMII Bench {version}"
html_additional_pages = {"index": "to_the_start.html"}
html_copy_source = False
html_show_copyright = False

# The anchors of headings that the pages' links use.
myst_heading_anchors = 4

autosummary_generate = True
autosummary_context = {"modules_of": MODULES}
# Single backticks of the docstrings: a link where the name stands in the same module.
default_role = "py:obj"
napoleon_google_docstring = False
napoleon_use_rtype = False
# Words for types are prose (`clip`, `path`), and attributes are told by their class: no links.
napoleon_use_param = False
napoleon_custom_sections = [("Attributes", "params_style")]
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 88
# Defaults as they are written, and no values: what is printed of an object may hold its address.
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True, "show-inheritance": True, "no-value": True}


def setup(app) -> None:
    """Leave out of the reference what the functions below say; Sphinx calls it."""
    app.connect("autodoc-skip-member", lambda app, what, name, found, *_: is_bare_field(found))
    app.connect("autodoc-process-docstring", lambda *given: leave_out_examples(given[-1]))


def is_bare_field(found: object) -> bool | None:
    """Return whether a member is a field of a named tuple without a text of its own; else None."""
    text = getattr(found, "__doc__", None)
    return (isinstance(text, str) and text.startswith("Alias for field number")) or None


def leave_out_examples(lines: list[str]) -> None:
    """Cut the text of a command where click's mark of lines that stay as they are begins."""
    if "\b" in lines:
        del lines[lines.index("\b") :]
