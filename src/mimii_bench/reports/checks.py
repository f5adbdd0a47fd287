"""What is wrong in a report.yaml, found before the first job.

The schema has said which keys there may be; here the names in it are held against what is there,
and options against what each class declares. Every mistake is a UserError that names the key and
what is allowed.
"""

from collections.abc import Collection, Iterator, Mapping
from math import prod

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.metrics import METRICS, needs_threshold
from mimii_bench.reports.claim_cells import cases, cells_of, each
from mimii_bench.reports.class_checks import (
    check_class,
    check_features,
    check_split,
    check_supervision,
    check_system,
    check_thresholds,
    without,
)
from mimii_bench.reports.published import COUNTED, THRESHOLD, Cell, names_place
from mimii_bench.reports.recipes import names_variant, recipe_of
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.spreadsheets import formula_objection

#: A claim that stands for more is a slip, and would take hours.
_MOST_CELLS = 10_000


def check_spec(spec: Mapping, cells: Collection[Cell]) -> None:
    """Check the content of a report.yaml, which its schema allows.

    Parameters
    ----------
    spec : mapping
        The report.
    cells : collection of Cell
        Of its published.csv; none where it has no such file.
    """
    check_split(**spec["split"])
    check_features(spec["features"])
    for name, system in spec["systems"].items():
        where = f"systems.{name}"
        check_system(where, system, spec["features"])
        _check_units(f"{where}.units", system.get("units", {}), spec)
        check_supervision(f"{where}.supervised", system, spec["split"]["scheme"])
    check_thresholds(spec.get("evaluation", {}))
    _check_quoted(spec)
    _check_distinct([claim["claim"] for claim in spec.get("claims", ())])
    for number, claim in enumerate(spec.get("claims", ())):
        if why := formula_objection(claim["claim"]):
            raise UserError(f"claims.{number}.claim: {why}")
        with about(f'claims.{number} ("{claim["claim"]}")'):
            _check_claim(claim, spec, cells)
    for name, figure in spec.get("figures", {}).items():
        _check_figure(f"figures.{name}", figure, spec, cells)


def _check_quoted(spec: Mapping) -> None:
    for name in spec.get("quoted", ()):
        if name in spec["systems"]:
            raise UserError(f"quoted: {name} is trained here; take it away, or from systems")


def _check_distinct(claims: Collection[str]) -> None:
    for number, text in enumerate(claims):
        if text in claims[:number]:
            raise UserError(f"claims.{number}: {text!r} stands twice; say what differs")


def check_published(cells: Collection[Cell], spec: Mapping, names: Mapping) -> None:
    """Check that the cells of a published.csv name what the report has.

    Parameters
    ----------
    cells : collection of Cell
    spec : mapping
        Of report.yaml.
    names : {field: names or None}
        The machines and SNRs that the corpora know; None where any name will do.
    """
    allowed = {
        "table": spec["tables"],
        **{field: {"", *known} for field, known in names.items() if known is not None},
        "system": {"", *spec["systems"], *spec.get("quoted", ())},
        "metric": {*METRICS, *COUNTED, THRESHOLD},
    }
    names_of = {
        field: (sorted(filter(None, known)), "" in known) for field, known in allowed.items()
    }
    units = {field: sorted(known) for field, known in spec["units"].items()}
    for line, cell in enumerate(cells, start=2):
        with about(f"line {line}"):
            for field, (known, may_lack) in names_of.items():
                _check_name(field, getattr(cell, field), known, may_lack)
            if cell.system in spec["systems"]:
                _check_threshold(cell, spec)
                for field, known in units.items():
                    _check_name(field, getattr(cell, field), known, may_lack=True)
            _check_value(cell)
    for name, table in spec["tables"].items():
        with about(f"tables.{name}"):
            _check_places(table, [cell for cell in cells if cell.table == name])


def _check_places(table: Mapping, cells: Collection[Cell]) -> None:
    """What report.yaml says of rows and columns must be of some that are there."""
    for key in ("exceptions", "clips"):
        for number, said in enumerate(table.get(key, ())):
            if not any(names_place(said, cell.row, cell.column) for cell in cells):
                parts = [part for part in ("row", "column") if part in said]
                named = " and ".join(f"{part} {said[part]!r}" for part in parts)
                raise UserError(f"{key}.{number}: no cell of published.csv has {named}")
    for row in table.get("layers", ()):
        if not any(cell.row == row for cell in cells):
            raise UserError(f"layers: no cell of published.csv has row {row!r}")


def _check_value(cell: Cell) -> None:
    """Rates are fractions of 1, counts whole numbers."""
    if cell.value is None:
        return
    if cell.metric in COUNTED and not float(cell.value).is_integer():
        raise UserError(f"published: {cell.published} {cell.metric} is no whole number")
    if cell.metric not in (*COUNTED, THRESHOLD) and not 0 <= cell.value <= 1:
        raise UserError(f"published: {cell.published} is no fraction of 1; write .91 for 91 %")


def _check_units(where: str, units: Mapping, spec: Mapping) -> None:
    """A system trains on whole pools of the report."""
    for field, values in units.items():
        if field not in spec["pool"]:
            raise UserError(f"{where}.{field}: pools differ in {', '.join(spec['pool'])} only")
        for value in values:
            if value not in spec["units"][field]:
                known = ", ".join(spec["units"][field])
                raise UserError(f"{where}.{field}: {value!r} is not among the report's {known}")


def _check_claim(claim: Mapping, spec: Mapping, cells: Collection[Cell]) -> None:
    """Each side must name a number that the report's systems can have."""
    _check_number_of_cells(claim)
    for _, sides in cases(claim):
        if sides[0] == sides[1]:
            raise UserError("it compares a number with itself; correct one of the two")
    for side in cells_of(claim):
        over = side.get("per")
        if over and over in side:
            raise UserError(f"per: {over}, and {over} is said too; take one away")
        for cell in each(side):
            _check_cell(cell, spec, cells)


def _check_number_of_cells(claim: Mapping) -> None:
    """Each cell is computed, with all of its lists: there may be many, but not any number."""
    said = [claim.get("every", {}), *cells_of({**claim, "every": {}})]
    number = prod(len(value) for one in said for value in one.values() if isinstance(value, list))
    if number > _MOST_CELLS:
        raise UserError(f"its lists stand for {number} cells; name at most {_MOST_CELLS}")


def _check_cell(cell: Cell, spec: Mapping, cells: Collection[Cell]) -> None:
    _check_name("system", cell.system, spec["systems"])
    _check_name("metric", cell.metric, METRICS)
    _check_name("table", cell.table, spec["tables"], may_lack=True)
    for field, known in _units_of(spec, cell.system).items():
        # Of all that the report uses there is no number where a system has only some.
        covers = set(known) == set(spec["units"][field])
        _check_name(field, getattr(cell, field), known, may_lack=covers)
    _check_variant(cell.variant, spec, cells)
    _check_threshold(cell, spec)


def _units_of(spec: Mapping, system: str) -> dict[str, Collection[str]]:
    """Return the machines, SNRs and ids that one of a report's systems uses."""
    own = spec["systems"][system].get("units", {})
    return {field: own.get(field, spec["units"][field]) for field in Unit._fields}


def _check_name(field: str, name: str, known: Collection[str], may_lack: bool = False) -> None:
    if name in known or (may_lack and not name):
        return
    said = f"{field} {name!r} is not" if name else f"no {field} is said; say one of"
    raise UserError(f"{said} {', '.join(known)}")


def _check_variant(variant: str, spec: Mapping, cells: Collection[Cell]) -> None:
    """A variant is one that report.yaml explains, or the kind of score that a printed cell names.

    Where nothing is printed, only the trained systems can tell.
    """
    if not variant or names_variant(spec, variant):
        return
    printed = {cell.variant for cell in cells if cell.system in spec["systems"]}
    if not printed or variant in printed:
        return
    known = sorted(filter(None, {*printed, *spec.get("evaluation", {}).get("variants", {})}))
    raise UserError(
        f"variant {variant!r} is not {', '.join(known) or 'known'}; name it in evaluation.variants"
    )


def _check_threshold(cell: Cell, spec: Mapping) -> None:
    decides = needs_threshold(cell.metric) or cell.metric == THRESHOLD
    if decides and recipe_of(spec, cell.table, cell.variant).threshold is None:
        raise UserError(f"{cell.metric} needs a threshold; give report.yaml's evaluation one")


def _check_figure(where: str, figure: Mapping, spec: Mapping, cells: Collection[Cell]) -> None:
    plot = check_class("figures", figure["plot"], f"{where}.options", figure.get("options", {}))
    kind = getattr(plot, "kind", None)
    if kind is not None and kind not in figure:
        raise UserError(f"{where}: {figure['plot']} is drawn from {kind}")
    for place, part in _parts(figure):
        with about(f"{where}.{place}"):
            _check_part(part, spec)
            if kind == "scores":
                _check_variant(part.get("variant", ""), spec, cells)


def _parts(figure: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Yield the parts of a figure, and where each stands."""
    for kind, parts in without(figure, "plot", "caption", "options").items():
        for number, part in enumerate(parts):
            yield f"{kind}.{number}", part


def _check_part(part: Mapping, spec: Mapping) -> None:
    known = {
        **{field: spec["units"][field] for field in Unit._fields},
        "system": {**spec["systems"], **dict.fromkeys(spec.get("quoted", ()))},
        "feature": spec["features"],
        "table": spec["tables"],
        "metric": {**METRICS, **dict.fromkeys(COUNTED)},
    }
    for field, names in known.items():
        if field in part:
            _check_name(field, part[field], names)
