"""What the makers of pages share: Markdown tables, and templates that are filled."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined


def as_table(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows as a Markdown table, columns that are empty throughout left out."""
    table = pd.DataFrame(rows).map(lambda text: text.replace("|", r"\|"))
    table = table.loc[:, (table != "").any()]
    return table.to_markdown(index=False, disable_numparse=True)


def plain(value: object) -> object:
    """Return a value whose texts stay texts in Markdown: they begin no element, link or picture.

    Examples
    --------
    >>> plain({"title": "<b>AUC</b> [here](x)", "clips": [1, 2]})
    {'title': '&lt;b>AUC&lt;/b> \\\\[here](x)', 'clips': [1, 2]}
    """
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.replace("<", "&lt;").replace("[", r"\[") if isinstance(value, str) else value


def filled(template: str, **values) -> str:
    """Return a template of this folder with values in it."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(**values)
