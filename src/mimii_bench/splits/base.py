"""From the clips of a pool of units to a split manifest, by the scheme that a report names.

A scheme is a module in `splits/`. Its function `roles` takes the clips of one pool and the split's
options, and yields a role for every clip that takes part; a clip has one role only. A scheme by
which abnormal clips train says so: `SUPERVISED = True`. One that must know which clips are the
same recording at another SNR takes them as `recordings`.
"""

from collections.abc import Hashable, Iterator, Mapping
from functools import partial
from importlib import import_module
from inspect import getdoc, signature
from pathlib import Path

from mimii_bench.corpus.base import LABELS, Clip, Unit
from mimii_bench.splits.manifests import Row
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_rows

Pool = dict[Unit, list[Clip]]
Roles = Iterator[tuple[Unit, Clip, str]]
#: What a recording is called, by the unit and the name of the clip.
Recordings = Mapping[tuple[Unit, str], Hashable]

_FOLDER = Path(__file__).parent
_NO_SCHEMES = ("base", "manifests")


def module_of(scheme: str) -> str:
    """Return the module of a scheme; raises UserError, naming those there are, for another."""
    known = sorted({path.stem for path in _FOLDER.glob("[a-z]*.py")} - {*_NO_SCHEMES})
    if scheme not in known:
        raise UserError(f"split.scheme: {scheme!r} is not {', '.join(known)}")
    return f"mimii_bench.splits.{scheme}"


def rule_of(scheme: str) -> str:
    """Return a scheme's rule in one sentence."""
    return getdoc(_roles(scheme)).partition("\n")[0]


def is_supervised(scheme: str) -> bool:
    """Tell whether abnormal clips train under a scheme."""
    return getattr(import_module(module_of(scheme)), "SUPERVISED", False)


def compares_recordings(scheme: str) -> bool:
    """Tell whether a scheme must know which clips are the same recording at another SNR."""
    return "recordings" in signature(_roles(scheme)).parameters


def options_of(scheme: str) -> list[str]:
    """Return the names of a scheme's options."""
    _, *options = signature(_roles(scheme)).parameters
    return [name for name in options if name != "recordings"]


def make_split(
    pool: Pool, scheme: str, recordings: Recordings | None = None, **options
) -> list[Row]:
    """Return the manifest of a pool.

    Without `recordings`, a clip is the same recording as that of the same machine, id and name at
    another SNR. Raises UserError, naming the pool and what is missing, when nothing is left to
    train on or when a test of normal against abnormal clips is impossible; under a supervised
    scheme, also when a label is missing among the clips that train or, where it holds some out,
    that validate.
    """
    roles = _roles(scheme)
    if compares_recordings(scheme):
        roles = partial(roles, recordings=recordings or by_name(pool))
    rows = [Row(clip.name, *unit, clip.label, role) for unit, clip, role in roles(pool, **options)]
    present = {(row.role, row.label) for row in rows}
    lacking = [
        f"{label} clips in {role}/"
        for role, label in _needed(scheme, options)
        if (role, label) not in present
    ]
    if lacking:
        units = ", ".join(unit.path for unit in pool)
        raise UserError(f"{units}: no {' and no '.join(lacking)} under the split {scheme}")
    return rows


def read_recordings(path: Path | str) -> Recordings:
    """Read the table that `mimii_bench.audio.recordings` writes."""
    return {
        (Unit(*(row[field] for field in Unit._fields)), row["clip"]): row["recording"]
        for row in read_rows(path)
    }


def by_name(pool: Pool) -> Recordings:
    """Return what recordings are called where only names can tell them apart."""
    return {
        (unit, clip.name): (unit.machine, unit.id, clip.name)
        for unit, clips in pool.items()
        for clip in clips
    }


def _roles(scheme: str):
    return import_module(module_of(scheme)).roles


def _needed(scheme: str, options: dict) -> list[tuple[str, str]]:
    """Return the pairs of role and label that a manifest must hold."""
    if not is_supervised(scheme):
        return [("train", "normal"), ("test", "normal"), ("test", "abnormal")]
    roles = ["train", "test", *(["validation"] if options.get("validation") else [])]
    return [(role, label) for role in roles for label in LABELS]
