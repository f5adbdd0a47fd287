"""The page docs/options.md: every option of all that a report or a corpus' description names.

    .venv/bin/python docs/make_option_pages.py

All of it is read from the models in which options are declared and from docstrings; the page is
laid out in docs/options.md.j2.
"""

import argparse
import inspect
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NamedTuple

from mimii_bench import evaluation, features, figures, splits, systems
from mimii_bench.corpus.own import Description
from mimii_bench.evaluation.thresholds import Threshold
from mimii_bench.features.base import Feature
from mimii_bench.figures.base import Figure
from mimii_bench.splits.base import Split
from mimii_bench.systems.backends.named import BackEndOptions
from mimii_bench.systems.base import System
from mimii_bench.systems.learning.autoencoder import WindowSystem
from mimii_bench.systems.learning.schedule import Schedule
from mimii_bench.systems.pooling import PoolingOptions
from mimii_bench.util.option_words import first_paragraph, told
from mimii_bench.util.options import Component, Options
from page_parts import as_table, filled

PAGE = Path(__file__).with_name("options.md")
COMMAND = ".venv/bin/python docs/make_option_pages.py"

#: Options that several systems have, told once under these headings.
SHARED: dict[type[Options], str] = {
    Schedule: "Every network",
    WindowSystem.Options: "Networks on windows of frames",
    PoolingOptions: "Pooling",
    BackEndOptions: "Back ends",
}


class Section(NamedTuple):
    """One class: the name that a report gives it, what it is, its own options, shared ones."""

    name: str
    what: str
    options: str = ""
    shared: Sequence[str] = ()


def sections(room, base: type[Component]) -> list[Section]:
    """Return the section of each class of a room that a report may name."""
    return [
        Section(
            named(found), f"{first_paragraph(found)}{trait(found)}", *told_options(found.Options)
        )
        for found in classes(room, base)
    ]


def classes(room, base: type[Component]) -> Iterator[type[Component]]:
    """Yield the classes derived from `base` in the modules of a room, bases left out."""
    for info in iter_modules(room.__path__, f"{room.__name__}."):
        if info.ispkg or info.name.endswith(".base"):
            continue
        for name, found in vars(import_module(info.name)).items():
            ours = inspect.isclass(found) and found.__module__ == info.name
            if ours and issubclass(found, base) and not _is_base(name, found, base):
                yield found


def _is_base(name: str, found: type, base: type) -> bool:
    return name.startswith("_") or found is base or inspect.isabstract(found)


def named(found: type[Component]) -> str:
    """Return what report.yaml calls a class; of a split, the name of its module."""
    module = found.__module__.rpartition(".")[2]
    return module if issubclass(found, Split) else f"{module}.{found.__name__}"


def trait(found: type[Component]) -> str:
    """Return what a report must know of a class beside its options, as a sentence or nothing."""
    if issubclass(found, Figure):
        return f" Drawn from `{found.kind}`."
    if issubclass(found, System) and found.learns:
        return f" Learns the {found.learns} of its training clips."
    return ""


def told_options(model: type[Options]) -> tuple[str, list[str]]:
    """Return the table of the options of a model, and the headings of what it shares."""
    owners = {name: _owner(model, name) for name in model.model_fields}
    shared = [title for one, title in SHARED.items() if one in owners.values()]
    own = [name for name, owner in owners.items() if owner not in SHARED]
    return option_table(model, own), shared


def _owner(model: type[Options], name: str) -> type[Options]:
    """Return the class that declares a field, the last one where it is declared again."""
    return next(one for one in model.__mro__ if name in vars(one).get("__annotations__", ()))


def option_table(model: type[Options], names: list[str]) -> str:
    """Return a table of some options of a model; nothing where there are none."""
    rows = [
        {
            "option": f"`{one.name}`",
            "allowed": one.allowed,
            "default": one.default,
            "meaning": one.meaning,
        }
        for one in told(model, names, quote="`")
    ]
    return as_table(rows) if rows else ""


def own_table(model: type[Options]) -> str:
    """Return the table of the options that a model itself declares."""
    return option_table(model, list(vars(model)["__annotations__"]))


def page() -> str:
    """Return the page."""
    return filled(
        "options.md.j2",
        command=COMMAND,
        shared=[Section(title, "", own_table(model)) for model, title in SHARED.items()],
        systems=sections(systems, System),
        features=sections(features, Feature),
        splits=sections(splits, Split),
        thresholds=sections(evaluation, Threshold),
        figures=sections(figures, Figure),
        corpus=own_table(Description),
        anchor=lambda title: title.lower().replace(" ", "-"),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, default=PAGE)
    parser.parse_args().file.write_text(page())
