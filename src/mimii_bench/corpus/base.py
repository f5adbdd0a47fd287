"""What a corpus is: its description, its units, and its clips.

A corpus is data. MIMII (`mimii`), the DCASE sets (`dcase`), the simulation
(`simulate.description`) and a folder of one's own recordings (`own`) are instances of `Corpus`;
nothing else in the project knows how many channels a recording has, or what the machines are
called.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from mimii_bench.util.spreadsheets import formula_objection

LABELS = ("normal", "abnormal")
#: The one condition of a corpus that was recorded under a single one.
ANY = "any"
#: Names of machines, conditions and ids become folders and wildcards of Snakemake, and stand in
#: tables: no first character makes a formula of them (see `util.spreadsheets`).
NAME_CHARACTER = "[A-Za-z0-9_+-]"
NAME_PATTERN = f"(?:[A-Za-z0-9_]{NAME_CHARACTER}*|-[0-9][A-Za-z0-9_]*)"
_NAME = re.compile(NAME_PATTERN)


class Unit(NamedTuple):
    """One machine of one type under one condition: what most systems train on.

    The condition is called `snr`, since in MIMII it is one.

    Examples
    --------
    >>> Unit("fan", "-6dB", "00").path
    'fan/-6dB/id_00'
    """

    machine: str
    snr: str
    id: str

    @property
    def path(self) -> str:
        """The unit's folder, the same everywhere below `results/`."""
        return self.pool(self._fields)

    @classmethod
    def of_path(cls, path: str) -> Self:
        """Return the unit of its path.

        Examples
        --------
        >>> Unit.of_path("fan/-6dB/id_00")
        Unit(machine='fan', snr='-6dB', id='00')
        """
        machine, snr, id = path.split("/")
        return cls(machine, snr, id.removeprefix("id_"))

    def pool(self, fields: Iterable[str]) -> str:
        """Return the path of the pool of all units that agree with it in `fields`."""
        parts = {"machine": self.machine, "snr": self.snr, "id": f"id_{self.id}"}
        return "/".join(parts[field] for field in fields)


class Clip(NamedTuple):
    """One recording.

    Attributes
    ----------
    name : str
        Unique in its unit, e.g. `normal/00000000`.
    id, label : str
        Of its machine; one of `LABELS`.
    part : str
        `train` or `test` where the corpus itself is split (DCASE), else empty.
    member : str
        What finds its bytes: the path below the root of its source.
    domain, attributes : str
        `source` or `target`, and under what conditions it was recorded (DCASE since 2021), else
        empty.
    """

    name: str
    id: str
    label: str
    part: str
    member: str
    domain: str = ""
    attributes: str = ""

    @property
    def condition(self) -> str:
        """Domain and attributes in one, `source/vel_6`; empty where neither is told."""
        return "/".join(filter(None, (self.domain, self.attributes)))


@dataclass(frozen=True)
class Corpus:
    """The description of a set of recordings.

    Attributes
    ----------
    name : str
        What messages call it.
    layout : str
        How its files lie, a key of `sources.LAYOUTS`.
    channels, sample_rate : int
        Of every recording; the rate in Hz.
    samples : int or None
        Length of every recording; None where the units differ.
    machines, conditions, ids : tuple of str or None
        The names there are; None for whatever is found.
    counts : mapping
        (machine, id) to the numbers of normal and abnormal clips, where they are published; the
        same under every condition.
    test_normal : int or None
        Where the set itself is split: how many of a unit's normal clips test, with all abnormal
        ones.
    digests : mapping
        (machine, id) to the name of one clip and the MD5 of its samples, where no archive has one.
    md5 : mapping
        Name of a published archive to its MD5.
    url : str
        Where the published archives are.
    part_of : Corpus or None
        A larger set, whose other units this one lacks.
    cut : bool
        Whether longer recordings are cut to `samples`, and not refused.
    form_of : str
        The recording whose channels, rate and length these are, where no description says them.
    edition : int or None
        The year of the DCASE Challenge whose Task 2 it was published for.
    """

    name: str
    layout: str
    channels: int
    sample_rate: int
    samples: int | None = None
    machines: tuple[str, ...] | None = None
    conditions: tuple[str, ...] | None = (ANY,)
    ids: tuple[str, ...] | None = None
    counts: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict, hash=False)
    test_normal: int | None = None
    digests: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict, hash=False)
    md5: Mapping[str, str] = field(default_factory=dict, hash=False)
    url: str = ""
    part_of: Self | None = None
    cut: bool = False
    form_of: str = ""
    edition: int | None = None

    @property
    def names(self) -> dict[str, tuple[str, ...] | None]:
        """The names there are by the field of a `Unit`; None for whatever is found."""
        return dict(zip(Unit._fields, (self.machines, self.conditions, self.ids), strict=True))

    @property
    def form_said_by(self) -> str:
        """Who says what recordings are like, for messages: `gearboxes says`."""
        return f"{self.form_of} has" if self.form_of else f"{self.name} says"

    def objection(self, **parts: str) -> str:
        """Return why parts of a unit are none of the corpus; nothing where they are.

        Examples
        --------
        >>> fans = Corpus("fans", "folder", 8, 16000, machines=("fan",))
        >>> fans.objection(machine="pump", id="00")
        'pump is not one of fan'
        >>> fans.objection(machine="fan", id="00")
        ''
        """
        for part, name in parts.items():
            known = self.names[part]
            if known is not None and name not in known:
                return f"{name} is not one of {', '.join(known)}"
            if not is_name(name):
                why = formula_objection(name)
                return why or f"{name!r} is not a name of letters, digits, _, + and - alone"
        return ""


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a machine, a condition or an id."""
    return _NAME.fullmatch(text) is not None


def shown(name: str) -> str:
    """Return the name of a file as a message shows it: in one line, of characters that print.

    Examples
    --------
    >>> shown("Ölpumpe 1.wav")
    'Ölpumpe 1.wav'
    >>> shown("1.wav" + chr(10) + "2.wav")
    '1.wav\\\\n2.wav'
    """
    return name if name.isprintable() else ascii(name)[1:-1]


def in_order(known: Collection[str] | None, found: Iterable[str]) -> list[str]:
    """Return the `known` names in their order, or, where none are, those `found`, sorted.

    Examples
    --------
    >>> in_order(None, ["pump", "my fan", "fan"])
    ['fan', 'pump']
    """
    return list(known) if known is not None else sorted({name for name in found if is_name(name)})
