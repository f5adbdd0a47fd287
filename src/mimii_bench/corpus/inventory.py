"""What a configured corpus holds, known before anything runs: units, their clips, what is missing.

A corpus that lacks machines, SNRs or ids is no error: what it holds is run, the rest is named.
"""

from itertools import product
from pathlib import Path
from typing import NamedTuple

from mimii_bench.corpus.archive import BrokenArchive
from mimii_bench.corpus.layout import (
    CHANNELS,
    COUNTS,
    IDS,
    LABELS,
    MACHINES,
    SNRS,
    Clip,
    Unit,
    archive_name,
    member_name,
)
from mimii_bench.corpus.sources import LAYOUTS, Source, open_source, readable
from mimii_bench.util.errors import UserError


class Inventory(NamedTuple):
    """`corpus` is the name that tables print: mimii, dcase2020, simulated or own.

    `missing` says of each unit of the published set that is not among `units` why it is not.
    """

    corpus: str
    channels: int
    units: dict[Unit, list[Clip]]
    missing: dict[Unit, str]


def simulated_inventory(
    machines: list[str], snrs: list[str], ids: list[str], normal: int, abnormal: int
) -> Inventory:
    """Return what the simulation is asked to make."""
    units = {
        Unit(machine, snr, id): _numbered_clips(machine, id, (normal, abnormal))
        for machine, snr, id in product(machines, snrs, ids)
    }
    chosen = {"machines": machines, "snrs": snrs, "ids": ids}
    published = [Unit(*parts) for parts in product(MACHINES, SNRS, IDS)]
    missing = {
        unit: f"{unit.path}: not in {_not_chosen(unit, chosen)}"
        for unit in published
        if unit not in units
    }
    return Inventory("simulated", CHANNELS, units, missing)


def _not_chosen(unit: Unit, chosen: dict[str, list[str]]) -> str:
    """Return the keys of config.yaml that leave a unit out."""
    pairs = zip(unit, chosen.items(), strict=True)
    return ", ".join(f"simulated.{key}" for part, (key, wanted) in pairs if part not in wanted)


def mimii_inventory(folder: str, layout: str, download: bool, archives: str) -> Inventory:
    """Look into a folder of recordings.

    With `download`, archives that are absent or cut short count as published: they will be
    there. Raises UserError when the folder is missing, a zip is no zip, nothing is found, or what
    cannot be downloaded is to be.
    """
    if download and (layout, archives) != ("zip", "published"):
        raise UserError(
            "mimii.download: true fetches the published zips; "
            "it needs mimii.layout: zip and mimii.archives: published"
        )
    with readable(Path(folder)):
        if not download and not Path(folder).is_dir():
            raise UserError(
                f"mimii.folder: {folder} does not exist; set it to where the recordings are, "
                "or mimii.download: true"
            )
        units, missing = _look_around(layout, folder, download)
    if not units:
        raise UserError(
            f"mimii.folder: {folder} holds no {layout} corpus; expected for instance "
            f"{open_source(layout, folder, 'fan', '-6dB').place}; check mimii.layout"
        )
    return Inventory(_name(layout, archives, units), LAYOUTS[layout].channels, units, missing)


def _look_around(
    layout: str, folder: str, download: bool
) -> tuple[dict[Unit, list[Clip]], dict[Unit, str]]:
    """Return the units with their clips, and of what is missing where it was looked for."""
    units: dict[Unit, list[Clip]] = {}
    missing: dict[Unit, str] = {}
    for machine, snr in product(MACHINES, SNRS):
        source = open_source(layout, folder, machine, snr)
        found = _look_into(source, machine, download)
        for id in IDS:
            clips = found.get(id, [])
            unit = Unit(machine, snr, id)
            if clips:
                units[unit] = clips
            else:
                missing[unit] = f"{unit.path}: not in {source.place}"
    return units, missing


def _look_into(source: Source, machine: str, download: bool) -> dict[str, list[Clip]]:
    """Return the clips by id: those that are there, or those that a download will bring."""
    published = {id: _numbered_clips(machine, id, COUNTS[machine, id]) for id in IDS}
    if not source.exists():
        return published if download else {}
    try:
        clips = source.clips()
    except BrokenArchive:
        if download:
            return published
        raise
    return {id: [clip for clip in clips if clip.id == id] for id in IDS}


def _numbered_clips(machine: str, id: str, counts: tuple[int, int]) -> list[Clip]:
    return sorted(
        Clip(f"{label}/{number:08d}", id, label, "", member_name(machine, id, label, number))
        for label, count in zip(LABELS, counts, strict=True)
        for number in range(count)
    )


def _name(layout: str, archives: str, units: dict[Unit, list[Clip]]) -> str:
    """A corpus bears the published name only when MD5s prove it: those of whole, published zips."""
    if layout == "dcase2020":
        return "dcase2020"
    proven = layout == "zip" and archives == "published"
    whole = all(len(clips) == sum(COUNTS[unit.machine, unit.id]) for unit, clips in units.items())
    return "mimii" if proven and whole else "own"


def archives_needed(units: list[Unit]) -> list[str]:
    """Return the names of the zips that hold `units`, each once, in a fixed order."""
    return sorted({archive_name(unit.machine, unit.snr) for unit in units})
