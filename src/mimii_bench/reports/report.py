"""Reports as data: what a folder's report.yaml and published.csv say, checked and ready to plan."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from mimii_bench.audio.mixes import channels_needed
from mimii_bench.corpus.base import Unit
from mimii_bench.reports.checks import check_published, check_spec
from mimii_bench.reports.published import read_cells
from mimii_bench.reports.texts import check_texts
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.schema import check
from mimii_bench.util.texts import expanded, shown

#: The keys under which a document names a class, or what stands for one.
_CLASSES = ("class", "plot", "scheme")
#: What the folder of a report may be called: files and wildcards of Snakemake bear its name.
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
#: So many reports may extend one another.
_LONGEST_CHAIN = 20


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
    merge patch (RFC 7396), in which null takes a key away and a list replaces one. Where it has
    units of its own and says nothing of figures, it has none. The path of a class,
    `./file.py:Class`, is from the folder of the file that it stands in.

    Parameters
    ----------
    folder : path
        Its name becomes the report's key.
    schema : mapping
        The JSON schema of report.yaml, with the names of the corpora in its definitions.

    Raises
    ------
    UserError
        That names the file, the key or line, and what is allowed.
    """
    path = folder / "report.yaml"
    _check_key(folder)
    if not path.exists():
        known = sorted(p.parent.name for p in folder.parent.glob("*/report.yaml"))
        raise UserError(
            f"reports: no report {folder.name!r}; there are "
            f"{', '.join(known) or f'none in {folder.parent}'}"
        )
    spec = _read(path)
    check(spec, schema, str(path))
    with about(str(path)):
        check_texts(spec)
    found = Report(folder.name, spec, folder)
    cells = read_cells(found.published) if found.published else []
    with about(str(path)):
        check_spec(spec, cells)
    with about(str(found.published or path)):
        check_published(cells, spec, _corpus_names(schema))
    return found


def _corpus_names(schema: Mapping) -> dict[str, list[str] | None]:
    """Return the machines and SNRs that a schema enumerates; None where any name will do."""
    definitions = {"machine": "machines", "snr": "snrs"}
    return {
        field: schema["$defs"][name].get("items", {}).get("enum")
        for field, name in definitions.items()
    }


def _check_key(folder: Path) -> None:
    if not _KEY.fullmatch(folder.name):
        raise UserError(
            f"reports: {shown(folder.name)}: a report's folder has a name of at most 64 letters, "
            "digits, _, . and -, which files and jobs bear; rename it"
        )


def _read(path: Path, before: Collection[Path] = ()) -> dict:
    """Return a document laid over what it extends; `before` are those that extend it."""
    try:
        spec = with_paths(read_yaml(path), path.parent)
    except FileNotFoundError:
        raise UserError(f"{path}: no such report; correct what extends it") from None
    if not isinstance(spec, dict) or "extends" not in spec:
        return spec
    chain = [*before, path.resolve()]
    base = _base(path, spec.pop("extends"))
    if base.resolve() in chain or len(chain) > _LONGEST_CHAIN:
        raise UserError(f"{path}: extends: {base} extends this one in turn; name another report")
    inherited = _read(base, chain)
    if "units" in spec and "figures" not in spec:
        # Figures name the units that they show.
        inherited.pop("figures", None)
    return _patched(inherited, spec)


def _base(path: Path, named: object) -> Path:
    """Return the file of the report that another one extends."""
    if not isinstance(named, str) or not named or "\0" in named:
        raise UserError(
            f"{path}: extends: {shown(named)} is no report; write the path of one report's folder"
        )
    return path.parent / expanded(named, f"{path}: extends") / "report.yaml"


def with_paths(document: object, folder: Path) -> object:
    """Return a document in which classes from files, `./file.py:Class`, have the whole path."""
    if isinstance(document, list):
        return [with_paths(one, folder) for one in document]
    if not isinstance(document, dict):
        return document
    return {
        key: _placed(value, folder) if key in _CLASSES else with_paths(value, folder)
        for key, value in document.items()
    }


def _placed(name: object, folder: Path) -> object:
    if not isinstance(name, str) or ":" not in name:
        return name
    file, _, own = name.rpartition(":")
    return f"{(folder / file).resolve()}:{own}"


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


def shared_features(
    reports: list[Report], own: Mapping[str, dict] | None = None
) -> dict[str, dict]:
    """Return what is said of every feature by name; reports share those of the same name.

    Parameters
    ----------
    reports : list of Report
    own : {name: description}, optional
        Features from elsewhere to share with.

    Raises
    ------
    UserError
        When two mean different things by one name.
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
