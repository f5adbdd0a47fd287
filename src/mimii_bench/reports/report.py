"""Reports as data: what a folder's report.yaml and published.csv say, checked and ready to plan."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mimii_bench.audio.mixes import channels_needed, parse_mix
from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.evaluation.metrics import AT_THRESHOLD, RANKING
from mimii_bench.reports import cells
from mimii_bench.reports.published import COUNTED, read_cells
from mimii_bench.splits.base import is_supervised, options_of
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.schema import check
from mimii_bench.util.signatures import signature_of


@dataclass(frozen=True)
class Report:
    """One report: its folder's name is its key, `spec` the content of its report.yaml."""

    key: str
    spec: dict
    folder: Path

    @property
    def published(self) -> Path | None:
        """The file of its printed numbers, where it has any."""
        path = self.folder / "published.csv"
        return path if path.exists() else None

    def selects(self, unit: Unit) -> bool:
        """Tell whether the report uses a unit."""
        return _within(unit, self.spec["units"])

    def uses(self, system: str, unit: Unit) -> bool:
        """Tell whether one of the report's systems uses a unit."""
        own = self.spec["systems"][system].get("units", {})
        return self.selects(unit) and _within(unit, own)

    def pool_of(self, unit: Unit) -> str:
        """Return the path of the pool that a unit trains in, e.g. `fan/-6dB/id_00` or `fan`."""
        return unit.pool(self.spec["pool"])

    @property
    def limits(self) -> dict[str, dict]:
        """By budget, limits below those of config.yaml."""
        return self.spec.get("budgets", {})

    @property
    def mixes(self) -> set[str]:
        """All mixes that the report's systems listen to."""
        return {
            source["mix"] for system in self.spec["systems"].values() for source in system["inputs"]
        }

    @property
    def channels_needed(self) -> int:
        """How many channels a recording must have."""
        return channels_needed(self.mixes)


def _within(unit: Unit, wanted: Mapping[str, Collection[str]]) -> bool:
    return all(getattr(unit, field) in values for field, values in wanted.items())


def load_report(folder: Path, schema: dict) -> Report:
    """Read and check `folder/report.yaml`, and `published.csv` where there is one.

    A report that `extends` another one, by the path from its own folder, says only what differs: a
    merge patch (RFC 7396), in which null takes a key away and a list replaces one. Raises UserError
    that names the file, the key or line, and what is allowed.
    """
    path = folder / "report.yaml"
    if not path.exists():
        known = sorted(p.parent.name for p in folder.parent.glob("*/report.yaml"))
        raise UserError(
            f"reports: no report {folder.name!r}; there are {', '.join(known) or 'none'}"
        )
    spec = _read(path)
    check(spec, schema, str(path))
    with about(str(path)):
        _check_split(**spec["split"])
        check_features(spec["features"])
        _check_systems(spec)
        _check_thresholds(spec.get("evaluation", {}))
        _check_plots(spec.get("figures", {}))
    found = Report(folder.name, spec, folder)
    if found.published:
        _check_published(found)
    return found


def _read(path: Path) -> dict:
    try:
        spec = read_yaml(path)
    except FileNotFoundError:
        raise UserError(f"{path}: no such report; correct what extends it") from None
    if isinstance(spec, dict) and (base := spec.pop("extends", None)):
        return _patched(_read(path.parent / base / "report.yaml"), spec)
    return spec


def _patched(target: object, patch: object) -> object:
    """Return a document with a merge patch applied (RFC 7396, section 2)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _patched(merged.get(key), value)
    return merged


def _check_published(report: Report) -> None:
    """Check that the cells of published.csv name what the report has."""
    spec = report.spec
    allowed = {
        "table": spec["tables"],
        "machine": {"", *MIMII.machines, *spec["units"].get("machine", ())},
        "snr": {"", *MIMII.conditions, *spec["units"].get("snr", ())},
        "system": {"", *spec["systems"], *spec.get("quoted", ())},
        "metric": {*RANKING, *AT_THRESHOLD, *COUNTED},
    }
    for line, cell in enumerate(read_cells(report.published), start=2):
        where = f"{report.published}: line {line}"
        for field, names in allowed.items():
            if cell[field] not in names:
                known = ", ".join(sorted(filter(None, names)))
                raise UserError(f"{where}: {field} {cell[field]!r} is not {known}")
        ours = cell["system"] in spec["systems"] and cell["metric"] in AT_THRESHOLD
        if ours and "threshold" not in cells.how(spec, cell):
            raise UserError(
                f"{where}: {cell['metric']} needs a threshold; give report.yaml's evaluation one"
            )


def check_features(features: dict) -> None:
    """Check that features can be built; raises UserError that names the key."""
    for name, feature in features.items():
        options = _without(feature, "class")
        _check_call("features", feature["class"], f"features.{name}", options)


def _check_systems(spec: dict) -> None:
    for name, system in spec["systems"].items():
        where = f"systems.{name}"
        check_system(where, system, spec["features"])
        _check_units(f"{where}.units", system.get("units", {}), spec)
        _check_supervision(f"{where}.supervised", system, spec["split"]["scheme"])


def check_system(where: str, system: dict, features: Collection[str]) -> None:
    """Check that a system's class takes its options, and that its inputs are there.

    Raises UserError, which begins with `where` the system stands.
    """
    # The workflow adds these itself, for every training.
    given = ("seed", "device")
    _check_call("systems", system["class"], f"{where}.options", system["options"], given)
    for source in system["inputs"]:
        with about(where):
            parse_mix(source["mix"])
        if source["feature"] not in features:
            raise UserError(f"{where}: feature {source['feature']!r} is not {', '.join(features)}")


def _check_thresholds(evaluation: dict) -> None:
    rules = {f"variants.{name}": rule for name, rule in evaluation.get("variants", {}).items()}
    for name, rule in {"default": evaluation.get("default", {}), **rules}.items():
        if given := rule.get("threshold"):
            options = _without(given, "class", "fitted_on")
            _check_call("evaluation", given["class"], f"evaluation.{name}.threshold", options)


def _check_plots(figures: dict) -> None:
    for name, figure in figures.items():
        options, parts = figure.get("options", {}), _without(figure, "plot", "caption", "options")
        _check_call("figures", figure["plot"], f"figures.{name}.options", options, parts)


def _without(values: Mapping, *keys: str) -> dict:
    return {key: value for key, value in values.items() if key not in keys}


def _check_call(
    kind: str, name: str, where: str, options: dict, given: Collection[str] = ()
) -> None:
    """Check that what `name` stands for takes the options at `where`, and what is given beside."""
    with about(where.removesuffix(".options")):
        takes = signature_of(kind, name)
    takes.check(options, where, given)
    _check_numbers(where, options)


def _check_split(scheme: str, **options) -> None:
    known = options_of(scheme)
    for name in options:
        if name not in known:
            raise UserError(f"split.{name}: {scheme} takes {', '.join(known) or 'no options'}")


def _check_units(where: str, units: dict, spec: dict) -> None:
    """A system trains on whole pools of the report."""
    for field, values in units.items():
        if field not in spec["pool"]:
            raise UserError(f"{where}.{field}: pools differ in {', '.join(spec['pool'])} only")
        for value in values:
            if value not in spec["units"][field]:
                known = ", ".join(spec["units"][field])
                raise UserError(f"{where}.{field}: {value!r} is not among the report's {known}")


def _check_supervision(where: str, system: dict, scheme: str) -> None:
    """What trains on abnormal clips is marked, and nothing else does so unawares."""
    if system.get("supervised", False) != is_supervised(scheme):
        does = "gives" if is_supervised(scheme) else "gives no"
        raise UserError(f"{where}: the split {scheme} {does} abnormal clips to train on")


def _check_numbers(where: str, values: dict) -> None:
    """YAML reads 1e-4, without a point, as text."""
    for key, value in values.items():
        with suppress(ValueError, TypeError):
            if isinstance(value, str):
                number = float(value)
                raise UserError(f"{where}.{key}: {value!r} is text; write {number:.1e}")


def shared_features(
    reports: list[Report], own: Mapping[str, dict] | None = None
) -> dict[str, dict]:
    """Return the parameters of every feature by name; reports share those of the same name.

    `own` are features to share with from elsewhere. Raises UserError when two mean different
    things by one name.
    """
    features = dict(own or {})
    for report in reports:
        for name, parameters in report.spec["features"].items():
            if features.setdefault(name, parameters) != parameters:
                raise UserError(
                    f"{report.folder}/report.yaml: features.{name} differs from another report's; "
                    "give it a name of its own"
                )
    return features
