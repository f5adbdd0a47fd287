"""What a corpus holds, known before anything runs: units, their clips, what is missing or unused.

A corpus that lacks machines, conditions or ids is no error: what it holds is run, the rest is
named. What lies there and is not run is named as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

from mimii_bench.corpus.archive import BrokenArchive
from mimii_bench.corpus.base import ANY, LABELS, Clip, Corpus, Unit, in_order, shown
from mimii_bench.corpus.identity import why_own
from mimii_bench.corpus.mimii import archive_name, member_name
from mimii_bench.corpus.simulate.description import SIMULATED, counts_of, simulation
from mimii_bench.corpus.sources import LAYOUTS, ClipSource, Members, Survey, open_source, readable
from mimii_bench.util.errors import UserError


class Inventory(NamedTuple):
    """What a corpus holds.

    Attributes
    ----------
    corpus : str
        The name that tables print: mimii, dcase2020, simulated or own.
    channels, sample_rate, samples : int
        Of every recording, the rate in Hz; `samples` is None where units differ in length.
    units : dict of Unit to list of Clip
        In the order of the description.
    missing : dict of Unit to str
        Why each unit that the corpus should have is not among `units`.
    unused : list of str
        What lies there and is not run, a line each, with the reason.
    own_because : str
        Why recordings that could be a published set count as `own`; else nothing.
    absent : str
        What has to be done before a run where nothing is there and the units are those that were
        published, so that it can be planned; else nothing.
    """

    corpus: str
    channels: int
    sample_rate: int
    samples: int | None
    units: dict[Unit, list[Clip]]
    missing: dict[Unit, str]
    unused: list[str]
    own_because: str = ""
    absent: str = ""


def simulated_inventory(
    machines: Sequence[str],
    snrs: Sequence[str],
    ids: Sequence[str],
    normal: int | None,
    abnormal: int | None,
    stub_seconds: float | None = None,
) -> Inventory:
    """Return what the simulation is asked to make."""
    units = {
        Unit(machine, snr, id): _numbered_clips(
            machine, id, counts_of(machine, id, normal, abnormal)
        )
        for machine, snr, id in product(machines, snrs, ids)
    }
    chosen = {"machines": machines, "snrs": snrs, "ids": ids}
    missing = {
        unit: f"{unit.path}: not in {_not_chosen(unit, chosen)}"
        for unit in map(Unit._make, product(*SIMULATED.names.values()))
        if unit not in units
    }
    form = (SIMULATED.channels, SIMULATED.sample_rate, simulation(stub_seconds).samples)
    return Inventory("simulated", *form, units, missing, [])


def _not_chosen(unit: Unit, chosen: dict[str, Sequence[str]]) -> str:
    """Return the keys of config.yaml that leave a unit out."""
    pairs = zip(unit, chosen.items(), strict=True)
    return ", ".join(f"simulated.{key}" for part, (key, wanted) in pairs if part not in wanted)


def take_inventory(
    corpus: Corpus, folder: Path, key: str, download: bool = False, proven: bool = False
) -> Inventory:
    """Look into a folder of recordings.

    Parameters
    ----------
    corpus : Corpus
        The description of what is to be there.
    folder : Path
    key : str
        What told the folder, for messages: `mimii.folder`, or a file and its key.
    download : bool
        Whether absent and truncated zips will be there, as published.
    proven : bool
        Whether MD5s will prove that the zips are the published ones; see `identity` for what else
        a corpus must have to bear the published name. Then what is to be there is known also where
        nothing is.

    Raises
    ------
    UserError
        The folder is missing or cannot be read, a zip is no zip, or no clip is found.
    """
    with readable(folder):
        if folder.exists() and not folder.is_dir():
            raise UserError(f"{key}: {folder} is no folder; name the one that it lies in")
        is_known = proven and bool(corpus.md5)
        absent = "" if download else _nothing_there(corpus, folder, key, empty=is_known)
        if absent and not is_known:
            raise UserError(absent)
        found = look_around(corpus, folder, download or bool(absent))
    if not found.units:
        raise UserError(
            f"{key}: {folder} holds no {corpus.layout} corpus; expected for instance "
            f"{_example(corpus, folder)}{_clue(corpus, folder, key, found.unused)}"
        )
    form = (corpus.channels, corpus.sample_rate, corpus.samples)
    why = why_own(corpus, folder, found.units, proven)
    name = "own" if why else corpus.name
    missing = {unit: _absent(corpus, folder, unit) for unit in found.missing}
    # Of a set that no report prints numbers of, nobody expects another name.
    said = why if corpus.counts else ""
    return Inventory(name, *form, found.units, missing, found.unused, said, absent)


def _nothing_there(corpus: Corpus, folder: Path, key: str, empty: bool) -> str:
    """Return what has to be done where there is no folder, or, if `empty`, nothing in it."""
    hint = ", or mimii.download: true" if corpus.md5 else ""
    if not folder.is_dir():
        return f"{key}: {folder} does not exist; set it to where the recordings are{hint}"
    if empty and not any(folder.iterdir()):
        return f"{key}: {folder} is empty; put the zips there{hint}"
    return ""


def archives_needed(units: Iterable[Unit]) -> list[str]:
    """Return the names of the zips that hold `units`, each once, in a fixed order."""
    return sorted({archive_name(unit.machine, unit.snr) for unit in units})


class Found(NamedTuple):
    """What lies in a folder: units with their clips, units that are missing, what is not used."""

    units: dict[Unit, list[Clip]]
    missing: list[Unit]
    unused: list[str]


def look_around(corpus: Corpus, folder: Path, download: bool = False) -> Found:
    """Return what lies in a folder, whatever its recordings are like.

    Raises
    ------
    UserError
        A zip is no zip, or a clip lies there twice.
    """
    layout = LAYOUTS[corpus.layout]
    survey = layout.survey(corpus, folder) if folder.exists() else Survey([], [])
    machines = in_order(corpus.machines, (machine for machine, _ in survey.places))
    conditions = in_order(corpus.conditions, (condition for _, condition in survey.places))
    units: dict[Unit, list[Clip]] = {}
    unused: list[str] = []
    for machine, condition in product(machines, conditions):
        source = open_source(corpus, folder, machine, condition)
        clips, others = _look_into(source, download)
        by_id = _by_id(clips)
        unused += _refused_ids(source, by_id)
        explained, others = source.explained(others)
        unused += explained
        unused += _told_others(str(source.place), others)
        unused += [_told_rival(source, rival) for rival in source.rivals()]
        for id in in_order(corpus.ids, by_id):
            if id in by_id:
                units[Unit(machine, condition, id)] = by_id[id]
    used = set(product(machines, conditions))
    refused = {place: None for place in survey.places if place not in used}
    unused += [line for place in refused for line in _refused_place(corpus, folder, place)]
    # A download goes on with what it has begun.
    idle = [name for name in survey.others if not (download and name.endswith(".part"))]
    unused += _told_others(str(folder), idle)
    return Found(units, _lacking(corpus, units), unused)


def _look_into(source: ClipSource, download: bool) -> Members:
    """Return what is there, or the clips that a download will bring."""
    published = Members(_published_clips(source), []) if download else None
    if not source.exists():
        return published or Members([], [])
    try:
        return source.members()
    except BrokenArchive:
        if published:
            return published
        raise


def _published_clips(source: ClipSource) -> list[Clip]:
    return [
        clip
        for (machine, id), counts in source.corpus.counts.items()
        if machine == source.machine
        for clip in _numbered_clips(machine, id, counts)
    ]


def _by_id(clips: Iterable[Clip]) -> dict[str, list[Clip]]:
    found: dict[str, list[Clip]] = {}
    for clip in clips:
        found.setdefault(clip.id, []).append(clip)
    return found


def _numbered_clips(machine: str, id: str, counts: tuple[int, int]) -> list[Clip]:
    return sorted(
        Clip(f"{label}/{number:08d}", id, label, "", member_name(machine, id, label, number))
        for label, count in zip(LABELS, counts, strict=True)
        for number in range(count)
    )


def _lacking(corpus: Corpus, units: dict[Unit, list[Clip]]) -> list[Unit]:
    """Return the units that should be there.

    Where ids are not known, a machine should have the ids that it has under any condition; one
    that has none at all, those of the others. Machines and conditions that are not known are those
    with clips.
    """
    whole = corpus.part_of or corpus
    ids: dict[str, list[str]] = {}
    for unit in units:
        ids.setdefault(unit.machine, []).append(unit.id)
    machines = in_order(whole.machines, ids)
    conditions = in_order(whole.conditions, (unit.snr for unit in units))
    every = [id for found in ids.values() for id in found]
    wanted = [
        Unit(machine, condition, id)
        for machine, condition in product(machines, conditions)
        for id in in_order(whole.ids, ids.get(machine, every))
    ]
    return [unit for unit in wanted if unit not in units]


def _absent(corpus: Corpus, folder: Path, unit: Unit) -> str:
    return f"{unit.path}: not in {open_source(corpus, folder, unit.machine, unit.snr).place}"


def _refused_ids(source: ClipSource, by_id: dict[str, list[Clip]]) -> list[str]:
    return [
        f"{Unit(source.machine, source.condition, id).path}: {why}; {_counted(clips)} not used"
        for id, clips in by_id.items()
        if (why := source.corpus.objection(id=id))
    ]


def _refused_place(corpus: Corpus, folder: Path, place: tuple[str, str]) -> list[str]:
    machine, condition = place
    source = open_source(corpus, folder, machine, condition)
    try:
        clips, others = source.members()
    except UserError as error:
        return [f"{error}; not used"]
    if not clips:
        return _told_others(str(source.place), others)
    why = corpus.objection(machine=machine) or corpus.objection(snr=condition)
    return [f"{shown(machine)}/{shown(condition)}: {why}; {_counted(clips)} not used"]


def _counted(clips: Sequence[Clip]) -> str:
    return f"{len(clips)} clip{'s' * (len(clips) != 1)}"


def _told_rival(source: ClipSource, rival: Path) -> str:
    both = f"lies in {source.place} and in {rival}"
    return f"{source.machine}/{source.condition}: {both}, which is not used"


def _told_others(place: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    what = "1 file or folder is" if len(names) == 1 else f"{len(names)} files or folders are"
    # A name that begins with a dot, which most desktops leave, tells least.
    example = min(names, key=lambda name: ("/." in f"/{name}", name))
    return [f"{place}: {what} no recording of it, e.g. {shown(example)}; not used"]


def _example(corpus: Corpus, folder: Path) -> str:
    """Return where a recording would be found."""
    machine = (corpus.machines or ("fan",))[0]
    condition = (corpus.conditions or ("quiet",))[0]
    source = open_source(corpus, folder, machine, condition)
    return f"{source.place}{source.example.format(machine=machine, id=(corpus.ids or ('00',))[0])}"


def _clue(corpus: Corpus, folder: Path, key: str, unused: Sequence[str]) -> str:
    """Return what else lies there: clips in another layout or another folder, or other files."""
    layout = f"{key.removesuffix('folder')}layout"
    for place, kind in _other_places(corpus, folder) if folder.is_dir() else ():
        if _holds(in_layout(corpus, kind), place):
            if place == folder:
                return f"; clips lie there as in the layout {kind}; check {layout}"
            return f"; clips lie in {place}, in the layout {kind}; check {key}"
    there = "it holds no file that could be a recording"
    if unused:
        there = f"there is: {' | '.join(unused[:2])}"
    return f"; {there}; check {layout}"


#: The id of machines that have one, and no name for it.
DEFAULT_ID = "00"
#: What a set in these layouts is recorded under.
_CONDITIONS = {
    kind: {"conditions": (ANY,), "counts": {}} for kind in ("labels", "dcase2020", "dcase")
}
#: In so many folders somebody may have put the corpus.
_MOST_PLACES = 20


def in_layout(corpus: Corpus, kind: str) -> Corpus:
    """Return a description of the same recordings, but in another layout."""
    ids = corpus.ids or ((DEFAULT_ID,) if kind == "labels" else None)
    return replace(corpus, layout=kind, ids=ids, **_CONDITIONS.get(kind, {}))


def _other_places(corpus: Corpus, folder: Path) -> Iterator[tuple[Path, str]]:
    inside = islice((one for one in sorted(folder.iterdir()) if one.is_dir()), _MOST_PLACES)
    # One who names the folder of a condition or a machine means that around it.
    part = {*(corpus.conditions or ()), *(corpus.machines or ())}
    around = (folder.absolute().parent,) if folder.absolute().name in part else ()
    # A published set does not lie in a layout of one's own.
    kinds = [kind for kind in LAYOUTS if kind != "labels" or not corpus.counts]
    for place in (folder, *inside, *around):
        for kind in (corpus.layout, *kinds):
            if (place, kind) != (folder, corpus.layout):
                yield place, kind


def _holds(corpus: Corpus, folder: Path) -> bool:
    try:
        return bool(look_around(corpus, folder, download=False).units)
    except UserError:
        return False
