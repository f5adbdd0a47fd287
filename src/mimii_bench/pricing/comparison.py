"""All systems on a folder of one's own: the leaderboard of a corpus that is described on the spot.

The run is one of the workflow in a folder of its own, with a configuration that says nothing but
which recordings, ids, budget and seeds: `snakemake` goes on with it there as with any other run.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

import yaml

from mimii_bench.corpus.catalog import configured
from mimii_bench.corpus.recognition import recognise
from mimii_bench.leaderboard.offers import Offer, read_offers
from mimii_bench.planning.project import NO_REPORT, Project
from mimii_bench.pricing.forecast import price
from mimii_bench.util.atomic import replacing
from mimii_bench.util.checkout import Checkout
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError, about

CONFIG, DESCRIPTION = "config.yaml", "corpus.yaml"
#: The first line of what is written here: another file of that name is not written over.
_MARK = "# Written by mimii-bench compare; it may be written over."


class Comparison(NamedTuple):
    """What will be compared.

    Attributes
    ----------
    folder : Path
        Where it runs.
    target : str
        What the workflow is asked for, seen from there.
    units, systems : list of str
        The paths of the units that are ranked, and the names of the systems.
    left_out : list of str
        Units and systems that cannot be ranked, each with the reason.
    seconds : float
        How long what is left to do will take, by the rates that are known.
    """

    folder: Path
    target: str
    units: list[str]
    systems: list[str]
    left_out: list[str]
    seconds: float


def describe(recordings: Path, folder: Path) -> list[str]:
    """Describe a folder of recordings in a file of `folder`; return what is to be said of it.

    Raises
    ------
    UserError
        See `recognise`; or `folder` holds another file of the name.
    """
    found = recognise(recordings)
    _write(folder / DESCRIPTION, found.description)
    return found.notes


def configure(folder: Path, corpus: Path, budget: str, seeds: int) -> None:
    """Write the configuration of a comparison.

    Parameters
    ----------
    folder : Path
    corpus : Path
        The description of the recordings.
    budget : {"demo", "full"}
    seeds : int
        Trainings of each model.

    Raises
    ------
    UserError
        The description is wrong, or the recordings are not there.
    """
    units = configured({"corpus": str(corpus)}, folder).inventory().units
    configuration = {
        "corpus": DESCRIPTION if corpus == folder / DESCRIPTION else str(corpus.absolute()),
        "budget": budget,
        "reports": [NO_REPORT],
        "leaderboard": {"ids": sorted({unit.id for unit in units}), "seeds": seeds},
    }
    _write(folder / CONFIG, configuration)


def plan_comparison(folder: Path, checkout: Checkout, cores: int) -> Comparison:
    """Return what will be compared in a folder that has its configuration.

    Raises
    ------
    UserError
        Nothing can be ranked.
    """
    given = read_yaml(folder / CONFIG)
    with chdir(folder):
        project = Project(checkout.folder, given)
        ranking = project.ranking
        if not ranking.units:
            raise UserError(_nothing(ranking.left_out))
        if not ranking.entries:
            raise UserError(f"no system can be ranked: {ranking.left_out[-1]}")
        ids = given["leaderboard"]["ids"]
        return Comparison(
            folder,
            project.paths.leaderboard,
            [unit.path for unit in ranking.units if unit.id in ids],
            [entry.name for entry in ranking.entries],
            ranking.left_out,
            price(project, [project.paths.leaderboard], cores, rest=True).seconds,
        )


def _nothing(reasons: list[str]) -> str:
    more = f" ({len(reasons)} such)" if len(reasons) > 1 else ""
    return (
        f"nothing can be compared: {reasons[0]}{more}; add normal and abnormal recordings, of "
        "which half test"
    )


def offers(folder: Path, target: str) -> list[Offer]:
    """Return the standings of a comparison that has run, with what each system costs."""
    standing = folder / target
    stem = standing.with_suffix("")
    return read_offers(standing, Path(f"{stem}_differences.csv"), Path(f"{stem}_times.csv"))


def _write(path: Path, content: Mapping) -> None:
    """Write a file of YAML, where none lies or one that was written here."""
    with about(str(path)):
        if path.exists() and not path.read_text().startswith(_MARK):
            raise UserError("lies there and is no comparison's; name another folder with -o")
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_text(f"{_MARK}\n{yaml.safe_dump(dict(content), sort_keys=False)}")
