"""Reports as data: what `reports/<key>/report.yaml` says, checked and ready to plan from."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from inspect import signature
from pathlib import Path

import yaml

from mimii_bench.audio.mixes import channels_needed, parse_mix
from mimii_bench.corpus.layout import Unit
from mimii_bench.errors import UserError
from mimii_bench.plugins import module_name
from mimii_bench.schema import check
from mimii_bench.splits import SCHEMES, SUPERVISED


@dataclass(frozen=True)
class Report:
    """One report: its folder's name is its key, `spec` the content of its report.yaml."""

    key: str
    spec: dict

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
    """Read and check `folder/report.yaml`.

    Raises UserError that names the file, the key and what is allowed.
    """
    path = folder / "report.yaml"
    if not path.exists():
        known = sorted(p.parent.name for p in folder.parent.glob("*/report.yaml"))
        raise UserError(f"reports: no report {folder.name!r}; there are {', '.join(known)}")
    try:
        spec = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise UserError(f"{path}: no valid YAML: {' '.join(str(error).split())}") from error
    check(spec, schema, str(path))
    try:
        _check_names(spec)
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    return Report(folder.name, spec)


def _check_names(spec: dict) -> None:
    """Check what a schema cannot: that the things named exist."""
    _check_split(**spec["split"])
    for name, feature in spec["features"].items():
        module_name("features", feature["class"])
        _check_numbers(f"features.{name}", feature)
    for name, system in spec["systems"].items():
        module_name("systems", system["class"])
        _check_numbers(f"systems.{name}.options", system["options"])
        _check_units(f"systems.{name}.units", system.get("units", {}), spec)
        _check_supervision(f"systems.{name}.supervised", system, spec["split"]["scheme"])
        for source in system["inputs"]:
            parse_mix(source["mix"])
            if source["feature"] not in spec["features"]:
                known = ", ".join(spec["features"])
                raise UserError(f"systems.{name}: feature {source['feature']!r} is not {known}")


def _check_split(scheme: str, **options) -> None:
    if scheme not in SCHEMES:
        raise UserError(f"split.scheme: {scheme!r} is not {', '.join(SCHEMES)}")
    _, *known = signature(SCHEMES[scheme]).parameters
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
    if system.get("supervised", False) != (scheme in SUPERVISED):
        does = "gives" if scheme in SUPERVISED else "gives no"
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
                    f"reports/{report.key}/report.yaml: features.{name} differs from another "
                    "report's; give it a name of its own"
                )
    return features
