"""The page as a whole."""

from collections.abc import Mapping
from pathlib import Path

from mimii_bench.page import audit, leaderboard, listening, reports, run
from mimii_bench.page.bundle import charts_script
from mimii_bench.page.given import Given
from mimii_bench.page.render import render
from mimii_bench.util.atomic import replacing

#: The sections in their order; each has a template of its module's name.
SECTIONS = (run, leaderboard, reports, audit, listening)


def write_page(facts: Mapping, files: Mapping[str, str], path: Path | str) -> None:
    """Write the page of a run.

    Parameters
    ----------
    facts, files : mapping
        See `Given`.
    path : path
        Of the page.

    Raises
    ------
    UserError
        For a table that cannot be read.
    """
    given = Given(facts, files)
    sections = [module.section(given) for module in SECTIONS]
    text = render("page.html.j2", facts=facts, sections=sections, charts=charts_script())
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")
