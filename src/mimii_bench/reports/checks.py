"""What is wrong in a report.yaml, found before the first job.

The schema has said which keys there may be; here the names in it are held against what is there,
and options against what each class declares. Every mistake is a UserError that names the key and
what is allowed.
"""

from collections.abc import Collection, Iterator, Mapping

from mimii_bench.audio.mixes import parse_mix
from mimii_bench.evaluation.metrics import METRICS, needs_threshold
from mimii_bench.reports.claim_cells import cells_of, each
from mimii_bench.reports.published import COUNTED, Cell
from mimii_bench.reports.recipes import names_variant, recipe_of
from mimii_bench.splits.base import load_split
from mimii_bench.systems.base import check_options, system_class
from mimii_bench.util import plugins
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.options import Options, checked

#: The fields that name a unit.
_UNIT = ("machine", "snr", "id")


def check_spec(spec: Mapping, cells: Collection[Cell]) -> None:
    """Check the content of a report.yaml, which its schema allows.

    Parameters
    ----------
    spec : mapping
        The report.
    cells : collection of Cell
        Of its published.csv; none where it has no such file.
    """
    _check_split(**spec["split"])
    check_features(spec["features"])
    for name, system in spec["systems"].items():
        where = f"systems.{name}"
        check_system(where, system, spec["features"])
        _check_units(f"{where}.units", system.get("units", {}), spec)
        _check_supervision(f"{where}.supervised", system, spec["split"]["scheme"])
    _check_thresholds(spec.get("evaluation", {}))
    for number, claim in enumerate(spec.get("claims", ())):
        with about(f'claims.{number} ("{claim["claim"]}")'):
            _check_claim(claim, spec, cells)
    for name, figure in spec.get("figures", {}).items():
        _check_figure(f"figures.{name}", figure, spec, cells)


def check_features(features: Mapping[str, Mapping]) -> None:
    """Check that features can be built."""
    for name, feature in features.items():
        _check_options("features", feature["class"], f"features.{name}", _without(feature, "class"))


def check_system(where: str, system: Mapping, features: Collection[str]) -> None:
    """Check that a system's class takes its options, and that its inputs are there.

    Parameters
    ----------
    where : str
        The key that the system stands under.
    system : mapping
        Its `class`, `options` and `inputs`.
    features : collection of str
        The names of the features that there are.
    """
    with about(where):
        found = plugins.load("systems", system["class"])
        system_class(found)
    check_options(found, system["options"], f"{where}.options")
    for source in system["inputs"]:
        with about(where):
            parse_mix(source["mix"])
        if source["feature"] not in features:
            raise UserError(f"{where}: feature {source['feature']!r} is not {', '.join(features)}")


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
        "metric": {*METRICS, *COUNTED},
    }
    for line, cell in enumerate(cells, start=2):
        with about(f"line {line}"):
            for field, known in allowed.items():
                _check_name(field, getattr(cell, field), sorted(filter(None, known)), "" in known)
            if cell.system in spec["systems"]:
                _check_threshold(cell, spec)
                for field, known in spec["units"].items():
                    _check_name(field, getattr(cell, field), sorted(known), True)
            _check_value(cell)


def _check_value(cell: Cell) -> None:
    """Rates are fractions of 1, counts whole numbers."""
    if cell.value is None:
        return
    if cell.metric in COUNTED and not float(cell.value).is_integer():
        raise UserError(f"published: {cell.published} {cell.metric} is no whole number")
    if cell.metric not in COUNTED and not 0 <= cell.value <= 1:
        raise UserError(f"published: {cell.published} is no fraction of 1; write .91 for 91 %")


def _check_options(kind: str, name: str, where: str, options: Mapping) -> type:
    """Return what `name` stands for, which must take the options that stand at `where`.

    What declares none, being from outside, is given them as they are.
    """
    with about(where.removesuffix(".options")):
        found = plugins.load(kind, name)
    model = getattr(found, "Options", None)
    if isinstance(model, type) and issubclass(model, Options):
        checked(model, options, found.__name__, where)
    return found


def _check_split(scheme: str, **options) -> None:
    model = getattr(load_split(scheme), "Options", None)
    if model is not None:
        checked(model, options, scheme, "split")


def _check_units(where: str, units: Mapping, spec: Mapping) -> None:
    """A system trains on whole pools of the report."""
    for field, values in units.items():
        if field not in spec["pool"]:
            raise UserError(f"{where}.{field}: pools differ in {', '.join(spec['pool'])} only")
        for value in values:
            if value not in spec["units"][field]:
                known = ", ".join(spec["units"][field])
                raise UserError(f"{where}.{field}: {value!r} is not among the report's {known}")


def _check_supervision(where: str, system: Mapping, scheme: str) -> None:
    """What trains on abnormal clips is marked, and nothing else does so unawares."""
    supervised = getattr(load_split(scheme), "supervised", False)
    if system.get("supervised", False) != supervised:
        does = "gives" if supervised else "gives no"
        raise UserError(f"{where}: the split {scheme} {does} abnormal clips to train on")


def _check_thresholds(evaluation: Mapping) -> None:
    said = {f"variants.{name}": one for name, one in evaluation.get("variants", {}).items()}
    for name, one in {"default": evaluation.get("default", {}), **said}.items():
        if rule := one.get("threshold"):
            options = _without(rule, "class", "fitted_on")
            _check_options("evaluation", rule["class"], f"evaluation.{name}.threshold", options)


def _check_claim(claim: Mapping, spec: Mapping, cells: Collection[Cell]) -> None:
    """Each side must name a number that the report's systems can have."""
    for side in cells_of(claim):
        over = side.get("per")
        if over and over in side:
            raise UserError(f"per: {over}, and {over} is said too; take one away")
        for cell in each(side):
            _check_cell(cell, spec, cells)


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
    return {field: own.get(field, spec["units"][field]) for field in _UNIT}


def _check_name(field: str, name: str, known: Collection[str], may_lack: bool = False) -> None:
    if name in known or (may_lack and not name):
        return
    said = f"{field} {name!r} is not" if name else f"no {field} is said; say one of"
    raise UserError(f"{said} {', '.join(known)}")


def _check_variant(variant: str, spec: Mapping, cells: Collection[Cell]) -> None:
    """A variant is one that report.yaml explains, or the kind of score that a printed cell names.

    Where nothing is printed, only the trained systems can tell.
    """
    printed = {cell.variant for cell in cells if cell.system in spec["systems"]}
    if not variant or names_variant(spec, variant) or not printed or variant in printed:
        return
    known = sorted(filter(None, {*printed, *spec.get("evaluation", {}).get("variants", {})}))
    raise UserError(
        f"variant {variant!r} is not {', '.join(known) or 'known'}; name it in evaluation.variants"
    )


def _check_threshold(cell: Cell, spec: Mapping) -> None:
    if needs_threshold(cell.metric) and recipe_of(spec, cell.table, cell.variant).threshold is None:
        raise UserError(f"{cell.metric} needs a threshold; give report.yaml's evaluation one")


def _check_figure(where: str, figure: Mapping, spec: Mapping, cells: Collection[Cell]) -> None:
    plot = _check_options("figures", figure["plot"], f"{where}.options", figure.get("options", {}))
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
    for kind, parts in _without(figure, "plot", "caption", "options").items():
        for number, part in enumerate(parts):
            yield f"{kind}.{number}", part


def _check_part(part: Mapping, spec: Mapping) -> None:
    known = {
        **{field: spec["units"][field] for field in _UNIT},
        "system": {**spec["systems"], **dict.fromkeys(spec.get("quoted", ()))},
        "feature": spec["features"],
        "table": spec["tables"],
        "metric": {**METRICS, **dict.fromkeys(COUNTED)},
    }
    for field, names in known.items():
        if field in part:
            _check_name(field, part[field], names)


def _without(values: Mapping, *keys: str) -> dict:
    return {key: value for key, value in values.items() if key not in keys}
