"""From rows to HTML: every value is escaped, a name that a template lacks is an error."""

import re

import jinja2
from markupsafe import Markup, escape

from mimii_bench.page import words


def render(template: str, **values) -> str:
    """Return a template of this room, filled in."""
    return _environment().get_template(template).render(**values)


def _environment() -> jinja2.Environment:
    loader = jinja2.PackageLoader("mimii_bench.page")
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        duration=words.duration,
        level=words.level,
        count=words.count,
        fraction=words.fraction,
        blank=_blank,
        breakable=_breakable,
    )

    def inlined(name: str) -> str:
        """Return a style sheet or script of ours as it is."""
        return loader.get_source(environment, name)[0]

    environment.globals["inlined"] = inlined
    return environment


def _breakable(name: str) -> Markup:
    """Return a name that a narrow column breaks after its marks, and not within a word."""
    return Markup("<wbr>").join(map(escape, re.split(r"(?<=[:_])", name)))


def _blank(value: object) -> object:
    return "" if value is None else value
