"""Which figures a report asks for, what each is drawn from, and which cannot be drawn.

A part of a figure names a unit, or a system and what it was trained on, as a cell of a table does.
Here it is checked against the report and completed; where the files of a part lie is the
workflow's to say.
"""

from collections.abc import Collection, Mapping
from itertools import product
from typing import NamedTuple

from mimii_bench.audio.mixes import parse_mix
from mimii_bench.corpus.base import Unit
from mimii_bench.figures.base import PART_KINDS
from mimii_bench.reports.recipes import recipe_of
from mimii_bench.util.errors import UserError
from mimii_bench.util.plugins import load

#: Those whose parts are clips of one unit.
_OF_UNITS = ("stores", "recordings", "models")


class FigurePart(NamedTuple):
    """One part: its keys in report.yaml, completed, the units it shows and the pool they are in."""

    spec: dict
    units: list[Unit]
    pool: str


class PlannedFigure(NamedTuple):
    """A figure of report.yaml: the name of its class, what this is drawn from, and its options."""

    plot: str
    kind: str
    caption: str
    options: dict
    parts: list[FigurePart]


def plan_figures(
    report, pools: Mapping[str, Collection[Unit]]
) -> tuple[dict[str, PlannedFigure], dict[str, str]]:
    """Return a report's figures by name, and by name what the others lack.

    Parameters
    ----------
    report : Report
    pools : mapping
        The units of each pool that is planned, by its path.

    Raises
    ------
    UserError
        Naming the figure, for one that no corpus allows.
    """
    planned, missing = {}, {}
    for name, spec in report.spec.get("figures", {}).items():
        try:
            figure = _complete(report, spec)
        except UserError as error:
            where = f"{report.folder}/report.yaml: figures.{name}"
            raise UserError(f"{where}: {error}") from None
        lacking = _lacking(report, figure, pools)
        if lacking or not pools:
            missing[name] = f"figure {name}, drawn from {_listed(lacking) or 'its tables'}"
        else:
            planned[name] = figure
    return planned, missing


def _lacking(report, figure: PlannedFigure, pools: Mapping[str, Collection[Unit]]) -> list[Unit]:
    """Return the units without which a figure cannot be drawn.

    Of numbers of tables, those of one machine are enough.
    """
    if figure.kind != "tables":
        parts = figure.parts
        return [unit for one in parts for unit in one.units if unit not in pools.get(one.pool, ())]
    there = {unit for units in pools.values() for unit in units}
    groups: dict[str, list[Unit]] = {}
    for part in figure.parts:
        for unit in _units(report, part.spec):
            groups.setdefault(unit.machine, []).append(unit)
    lacking = [[unit for unit in units if unit not in there] for units in groups.values()]
    return min(lacking, key=len, default=[])


def _complete(report, spec: Mapping) -> PlannedFigure:
    kinds = [kind for kind in PART_KINDS if kind in spec]
    if len(kinds) != 1:
        raise UserError(f"it must be drawn from one of {', '.join(PART_KINDS)}")
    (kind,) = kinds
    wanted = getattr(load("figures", spec["plot"]), "kind", "nothing")
    if wanted != kind:
        raise UserError(f"{spec['plot']} is drawn from {wanted}, not from {kind}")
    parts = [_part(report, kind, part) for part in spec[kind]]
    return PlannedFigure(spec["plot"], kind, spec["caption"], spec.get("options", {}), parts)


def _part(report, kind: str, spec: dict) -> FigurePart:
    _check_names(report, spec)
    if kind == "tables":
        return FigurePart({"title": _title(spec), **spec}, [], "")
    units = _units(report, spec)
    pools = {report.pool_of(unit) for unit in units}
    if not units or len(pools) > 1 or (kind in _OF_UNITS and len(units) > 1):
        what = "one unit" if kind in _OF_UNITS else "units that train together"
        raise UserError(f"{_title(spec)}: name {what} of the report by machine, snr and id")
    spec = {"title": _title(spec), **spec}
    if kind == "models":
        system = report.spec["systems"][spec["system"]]
        spec |= {"class": system["class"], "inputs": system["inputs"]}
    if kind == "scores":
        spec |= _evaluation(report, spec)
    return FigurePart(spec, units, *pools)


def _check_names(report, spec: Mapping) -> None:
    known = {"feature": "features", "system": "systems", "table": "tables"}
    for key, section in known.items():
        if key in spec and spec[key] not in report.spec[section]:
            raise UserError(f"{key} {spec[key]!r} is not {', '.join(report.spec[section])}")
    if "mix" in spec:
        parse_mix(spec["mix"])


def _units(report, spec: Mapping) -> list[Unit]:
    """Return the report's units that a part names; a field that it leaves out means all."""
    wanted = report.spec["units"]
    fields = [[spec[field]] if field in spec else wanted[field] for field in Unit._fields]
    units = [unit for unit in map(Unit._make, product(*fields)) if report.selects(unit)]
    if "system" in spec:
        return [unit for unit in units if report.uses(spec["system"], unit)]
    return units


def _evaluation(report, spec: Mapping) -> dict:
    """Return which scores a part shows and at which threshold: as the report's tables have it."""
    recipe = recipe_of(report.spec, variant=spec.get("variant", ""))
    ruled = {} if recipe.threshold is None else {"threshold": recipe.threshold}
    return {"scores": recipe.scores, "roles": list(recipe.roles), **ruled}


def _title(spec: Mapping) -> str:
    machine = f"{spec.get('machine', '')} {spec.get('id', '')}".strip()
    snr = spec.get("snr", "").replace("dB", " dB")
    parts = [spec.get("system"), spec.get("variant"), machine, snr]
    return ", ".join(part for part in parts if part)


def _listed(units: Collection[Unit]) -> str:
    return ", ".join(dict.fromkeys(unit.path for unit in units))
