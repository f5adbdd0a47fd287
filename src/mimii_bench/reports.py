"""Reports as data: what `reports/<key>/report.yaml` says, checked and ready to plan from."""

from contextlib import suppress
from dataclasses import dataclass
from inspect import signature
from pathlib import Path

import yaml

from mimii_bench.audio.mixes import parse_mix
from mimii_bench.corpus.layout import Unit
from mimii_bench.errors import UserError
from mimii_bench.plugins import module_name
from mimii_bench.schema import check
from mimii_bench.splits import SCHEMES


@dataclass(frozen=True)
class Report:
    """One report: its folder's name is its key, `spec` the content of its report.yaml."""

    key: str
    spec: dict

    def selects(self, unit: Unit) -> bool:
        """Tell whether the report uses a unit."""
        wanted = self.spec["units"]
        return all(getattr(unit, field) in wanted[field] for field in Unit._fields)

    def pool_of(self, unit: Unit) -> str:
        """Return the path of the pool that a unit trains in, e.g. `fan/-6dB/id_00` or `fan`."""
        parts = {"machine": unit.machine, "snr": unit.snr, "id": f"id_{unit.id}"}
        return "/".join(parts[field] for field in self.spec["pool"])

    @property
    def mixes(self) -> set[str]:
        """All mixes that the report's systems listen to."""
        return {
            source["mix"] for system in self.spec["systems"].values() for source in system["inputs"]
        }

    @property
    def channels_needed(self) -> int:
        """How many channels a recording must have."""
        return max(parse_mix(mix).channels_needed for mix in self.mixes)


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


def _check_numbers(where: str, values: dict) -> None:
    """YAML reads 1e-4, without a point, as text."""
    for key, value in values.items():
        with suppress(ValueError, TypeError):
            if isinstance(value, str):
                number = float(value)
                raise UserError(f"{where}.{key}: {value!r} is text; write {number:.1e}")


def shared_features(reports: list[Report]) -> dict[str, dict]:
    """Return the parameters of every feature by name; reports share those of the same name.

    Raises UserError when two reports mean different things by one name.
    """
    features: dict[str, dict] = {}
    for report in reports:
        for name, parameters in report.spec["features"].items():
            if features.setdefault(name, parameters) != parameters:
                raise UserError(
                    f"reports/{report.key}/report.yaml: features.{name} differs from another "
                    "report's; give it a name of its own"
                )
    return features
