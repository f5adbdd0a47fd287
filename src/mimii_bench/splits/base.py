"""From the clips of a pool of units to a split manifest, by the scheme that a report names."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from inspect import getdoc
from pathlib import Path
from typing import Annotated, ClassVar, TypeVar

from pydantic import Field

from mimii_bench.corpus.base import LABELS, Clip, Unit
from mimii_bench.splits.copies import Digests, apart, copied, with_copies
from mimii_bench.splits.manifests import ROLES, SplitRow
from mimii_bench.util.errors import UserError
from mimii_bench.util.memory import MEMORY
from mimii_bench.util.options import Component
from mimii_bench.util.plugins import load
from mimii_bench.util.records import read_sealed

T = TypeVar("T")
Pool = dict[Unit, list[Clip]]
Roles = Iterator[tuple[Unit, Clip, str]]
#: What a recording is called, by the unit and the name of the clip.
Recordings = Mapping[tuple[Unit, str], Hashable]

_FOLDER = Path(__file__).parent
_NO_SCHEMES = ("base", "copies", "manifests")


class Split(Component):
    """Base of all split schemes; the first sentence of a scheme's docstring is its rule.

    A subclass declares its `Options` and yields from `roles` a role for every clip that takes
    part.

    Attributes
    ----------
    supervised : bool
        Whether it is for systems that learn from abnormal clips: both labels must train.
    gives_abnormal : bool
        Whether abnormal clips are among those that train, for systems that learn from them.
    compares_recordings : bool
        Whether it must know which clips are the same recording at another SNR.
    """

    supervised: ClassVar[bool] = False
    gives_abnormal: ClassVar[bool] = False
    compares_recordings: ClassVar[bool] = False

    def roles(self, pool: Pool, recordings: Recordings | None = None) -> Roles:
        """Yield unit, clip and role of every clip of one pool that takes part.

        Parameters
        ----------
        pool : dict
            The clips of each unit.
        recordings : mapping, optional
            What the recording of a clip is called, by unit and name of the clip; given where the
            scheme `compares_recordings`.
        """
        raise NotImplementedError

    def needed(self) -> list[tuple[str, str]]:
        """Return the pairs of role and label that a manifest must hold."""
        trained = LABELS if self.supervised else ("normal",)
        tested = [("test", label) for label in LABELS]
        return [*(("train", label) for label in trained), *tested]


class FirstNormalTest(Split):
    """Test on all abnormal clips of a unit and on some normal ones, the first by name.

    Where a pool holds a machine at several SNRs, names are those of all of them together. In a
    corpus that is split already (DCASE), the corpus's own parts are the roles.
    """

    def held_out(self, normal: int, abnormal: int) -> int:
        """Return how many normal clips test, of a machine with so many clips of each label."""
        raise NotImplementedError

    def roles(self, pool: Pool, recordings: Recordings | None = None) -> Roles:
        """Yield unit, clip and role."""
        normal, abnormal = (names_of(pool, label) for label in LABELS)
        for unit, clips in pool.items():
            names = normal[machine_of(unit)]
            held_out = self.held_out(len(names), len(abnormal[machine_of(unit)]))
            tested = {*names[:held_out]}
            for clip in of_label(clips, "normal"):
                yield unit, clip, clip.part or ("test" if clip.name in tested else "train")
            for clip in of_label(clips, "abnormal"):
                yield unit, clip, "test"


class RandomSplit(Split):
    """A scheme that draws, always the same with the same `seed`."""

    class Options(Split.Options):
        """What the draw is made with."""

        seed: Annotated[int, Field(ge=0, description="Another one is another draw.")] = 0

    def key(self, *parts: object) -> tuple:
        """Return the parts of a seed, those of the scheme before that of the draw."""
        # Manifests that were drawn before there was a seed are those of seed 0.
        return (*parts, self.options.seed) if self.options.seed else parts


def machine_of(unit: Unit) -> tuple[str, str]:
    """Return what the units of one machine at several SNRs share: its type and its id."""
    return unit.machine, unit.id


def of_label(clips: Iterable[Clip], label: str) -> list[Clip]:
    """Return the clips of a label."""
    return [clip for clip in clips if clip.label == label]


def names_of(pool: Pool, label: str) -> dict[tuple[str, str], list[str]]:
    """Return the names of the clips of a label of every machine in a pool, each name once.

    A scheme that gives roles to these, and not to the clips of a unit, gives one role to all
    versions of a recording, also where some SNR lacks clips that another one has. They are in the
    order of the units, or sorted where units differ.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for unit, clips in pool.items():
        own = [clip.name for clip in of_label(clips, label)]
        known = found.setdefault(machine_of(unit), own)
        if known != own:
            found[machine_of(unit)] = sorted({*known, *own})
    return found


def load_split(scheme: str) -> type[Split]:
    """Return the class of a scheme.

    Parameters
    ----------
    scheme : str
        A module in `splits/`, or the full name of a class elsewhere.

    Raises
    ------
    UserError
        For a scheme that there is not, naming those there are.

    Examples
    --------
    >>> load_split("stratified_random").supervised
    True
    """
    return load("splits", plugin_name(scheme))


def plugin_name(scheme: str) -> str:
    """Return what `util.plugins` calls the class of a scheme; raises UserError as `load_split`.

    Examples
    --------
    >>> plugin_name("random_draw")
    'random_draw.RandomDraw'
    """
    if _is_outside(scheme):
        return scheme
    known = sorted({path.stem for path in _FOLDER.glob("[a-z]*.py")} - {*_NO_SCHEMES})
    if scheme not in known:
        raise UserError(f"split.scheme: {scheme!r} is not {', '.join(known)}")
    return f"{scheme}.{''.join(map(str.capitalize, scheme.split('_')))}"


def rule_of(scheme: str) -> str:
    """Return a scheme's rule in one sentence."""
    return getdoc(load_split(scheme)).partition("\n")[0]


def make_split(
    pool: Pool,
    scheme: str,
    recordings: Recordings | None = None,
    digests: Digests | None = None,
    **options,
) -> list[SplitRow]:
    """Return the manifest of a pool.

    Parameters
    ----------
    pool : dict
        The clips of each unit.
    scheme : str
        As `load_split` takes it.
    recordings : mapping, optional
        What recordings are called. Without it, a clip is the same recording as that of the same
        machine, id and name at another SNR.
    digests : mapping, optional
        Of the samples of each clip, by unit and name. A clip with the samples of an earlier one is
        left out of the draw, and gets the role that the earlier one is given.
    **options
        The scheme's.

    Raises
    ------
    UserError
        Naming the pool and what is missing, when nothing is left to train on or when a test of
        normal against abnormal clips is impossible; under a supervised scheme, also when a label
        is missing among the clips that train or, where it holds some out, that validate. For two
        clips of different labels with the same samples; for options that the scheme does not take;
        and, of a scheme from outside, for a clip that it gives two roles.
    """
    split = load_split(scheme)(**options)
    if split.compares_recordings:
        recordings = recordings or by_name(pool)
    originals, followers = pool, {}
    if digests and copied(digests):
        originals, followers = apart(pool, digests, recordings or by_name(pool))
    rows = [
        SplitRow(clip.name, *unit, clip.label, role, clip.condition)
        for unit, clip, role in with_copies(split.roles(originals, recordings), followers)
    ]
    units = ", ".join(unit.path for unit in pool)
    present = {(row.role, row.label) for row in rows}
    lacking = [
        f"{label} clips in {role}/"
        for role, label in split.needed()
        if (role, label) not in present
    ]
    if lacking:
        raise UserError(f"{units}: no {' and no '.join(lacking)} under the split {scheme}")
    if {role for role, _ in present} - {*ROLES} or (_is_outside(scheme) and _repeats(rows)):
        raise UserError(
            f"{units}: the split {scheme} must give a clip one role, of {', '.join(ROLES)}"
        )
    return rows


def recalled(facts: Sequence, pool: Pool, compute: Callable[[], T], *, scheme: str, **options) -> T:
    """Return what follows from the split of a pool, which is made where no earlier process did.

    Parameters
    ----------
    facts : sequence
        What else it follows from.
    pool : dict
        The clips of each unit.
    scheme, **options
        Of the split, as `make_split` takes them.
    compute : callable
        Makes the split, and returns what can be kept (see `util.memory`).
    """
    if _is_outside(scheme):
        # Of code from elsewhere nobody knows whether it is as it was.
        return compute()
    held = [(tuple(unit), _digest(clips)) for unit, clips in pool.items()]
    return MEMORY.recall([*facts, scheme, options, held], compute)


def objection(facts: Sequence, pool: Pool, check: Callable[[list[SplitRow]], None], **split) -> str:
    """Return why a pool cannot be split, or its split not be used; nothing where it can.

    Parameters
    ----------
    facts, pool
        See `recalled`.
    check : callable
        Raises a UserError for the rows of a split that is of no use.
    **split
        As `make_split` takes it.
    """

    def compute() -> str:
        try:
            check(make_split(pool, **split))
        except UserError as error:
            return str(error)
        return ""

    return recalled(["objection", *facts], pool, compute, **split)


def _digest(clips: Iterable[Clip]) -> str:
    lines = "\n".join(map("\t".join, clips))
    return blake2b(lines.encode(), digest_size=16).hexdigest()


def _is_outside(scheme: str) -> bool:
    return "." in scheme


def _repeats(rows: list[SplitRow]) -> bool:
    # Tests say it of our own schemes; asking here would take half as long as the split itself.
    return len({row[:4] for row in rows}) < len(rows)


def read_recordings(path: Path | str) -> Recordings:
    """Read the table that `mimii_bench.audio.recordings` writes; a damaged one is a UserError."""
    return {
        (Unit(*(row[field] for field in Unit._fields)), row["clip"]): row["recording"]
        for row in read_sealed(path, (*Unit._fields, "clip", "recording"))
    }


def by_name(pool: Pool) -> Recordings:
    """Return what recordings are called where only names can tell them apart."""
    return {
        (unit, clip.name): (unit.machine, unit.id, clip.name)
        for unit, clips in pool.items()
        for clip in clips
    }
