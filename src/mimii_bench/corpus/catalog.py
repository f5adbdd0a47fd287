"""The corpus that a configuration names: what it holds, and what its readers depend on."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mimii_bench.corpus import download
from mimii_bench.corpus.base import NAME_PATTERN, Unit
from mimii_bench.corpus.inventory import (
    Inventory,
    archives_needed,
    simulated_inventory,
    take_inventory,
)
from mimii_bench.corpus.location import Location, located, read_own
from mimii_bench.corpus.stamps import files_digest, names_digest
from mimii_bench.util.errors import UserError


@dataclass(frozen=True)
class ConfiguredCorpus(Location):
    """A corpus, where it lies, and how it is treated.

    Attributes
    ----------
    description, folder, reference
        See `Location`.
    key : str
        What told the folder, for messages.
    keep_mixes : bool
        Whether the mixes stay when the features are made.
    download : bool
        Whether zips that are missing or cut short are fetched.
    pinned : bool
        Whether the zips must have the published MD5s.
    simulation : mapping or None
        What the simulation is asked for: machines, snrs, ids, normal, abnormal, seed.
    """

    key: str
    keep_mixes: bool
    download: bool = False
    pinned: bool = False
    simulation: Mapping | None = None

    @property
    def name(self) -> str:
        """What tables print: mimii, dcase2020, simulated or own."""
        return self.inventory().corpus

    @property
    def layout(self) -> str:
        """How the files lie: zip, folder, dcase2020 or dcase."""
        return self.description.layout

    @property
    def simulated(self) -> bool:
        """Whether the recordings are made on the spot."""
        return self.simulation is not None

    @property
    def loose(self) -> bool:
        """Whether no job makes the recordings and no MD5 proves them.

        What reads them then depends on the state of their files.
        """
        return not self.simulated and not self.pinned

    def inventory(self) -> Inventory:
        """Return what the corpus holds; it is looked for once.

        Raises
        ------
        UserError
            Nothing is found, or what is there cannot be read.
        """
        return self._inventory

    @cached_property
    def _inventory(self) -> Inventory:
        if self.simulation is not None:
            asked = {key: value for key, value in self.simulation.items() if key != "seed"}
            return simulated_inventory(**asked)
        return take_inventory(self.description, self.folder, self.key, self.download, self.pinned)

    def archive(self, machine: str, snr: str) -> Path | None:
        """Return the zip with a machine's clips under a condition; None where plain files lie."""
        return self.source(machine, snr).place if self.layout == "zip" else None

    def published_archive(self, name: str) -> Path:
        """Return a published zip that has its MD5, after a download where one is allowed.

        Raises
        ------
        UserError
            It is missing, cut short or altered, or cannot be fetched.
        """
        path, md5 = self.folder / name, self.description.md5[name]
        if self.download:
            return download.download(name, self.folder, md5, self.description.url)
        download.verify(path, md5)
        return path

    def announced_download(self, units: Iterable[Unit]) -> str:
        """Return what a download for `units` needs, in words; nothing where there is none.

        Raises
        ------
        UserError
            It does not fit on the disk.
        """
        if not (self.pinned and self.download):
            return ""
        names = archives_needed(units)
        needed = download.disk_needed(names, self.folder) / 1e9
        download.check_disk(names, self.folder)
        return f"downloads into {self.folder}: at most {needed:.1f} GB"

    def clips_there(self, machine: str, snr: str) -> str | None:
        """Return a digest of which loose clips of a machine and condition are there.

        And of what they are: a ground truth may say another thing of the same file.
        """
        if not self.loose:
            return None
        return names_digest(
            "\t".join(clip)
            for unit, clips in self.inventory().units.items()
            if unit[:2] == (machine, snr)
            for clip in clips
        )

    def state_of(self, unit: Unit) -> str | None:
        """Return a digest of the files of a unit's loose recordings and their time stamps."""
        if not self.loose:
            return None
        if unit not in self._states:
            source = self.source(unit.machine, unit.snr)
            clips = self.inventory().units.get(unit, [])
            self._states[unit] = files_digest(source.root, source.files(clips))
        return self._states[unit]

    @cached_property
    def _states(self) -> dict[Unit, str]:
        return {}

    @property
    def wildcards(self) -> dict[str, str]:
        """Regular expressions of the fields of a unit, and of the names of published archives."""
        archives = sorted(name.removesuffix(".zip") for name in self.description.md5)
        patterns = {field: _pattern(names) for field, names in self.description.names.items()}
        return {**patterns, "archive": _pattern(archives or None)}


def configured(config: Mapping, results: Path) -> ConfiguredCorpus:
    """Return the corpus of a configuration; see `located` for its parameters.

    Raises
    ------
    UserError
        There is no such corpus, its description is wrong, or what cannot be downloaded is to be.
    """
    place = located(config, results)
    found = (place.description, place.folder, place.reference)
    if config["corpus"] == "simulated":
        asked = {key: value for key, value in config["simulated"].items() if key != "keep_mixes"}
        keep = config["simulated"]["keep_mixes"]
        return ConfiguredCorpus(*found, "simulated", keep, simulation=asked)
    if config["corpus"] == "mimii":
        block = config["mimii"]
        pinned = (block["layout"], block["archives"]) == ("zip", "published")
        _check_download(block["download"], pinned)
        return ConfiguredCorpus(
            *found, "mimii.folder", block["keep_mixes"], block["download"], pinned
        )
    name = config["corpus"]
    return ConfiguredCorpus(*found, f"{name}: folder", read_own(name).keep_mixes)


def _check_download(download: bool, pinned: bool) -> None:
    if download and not pinned:
        raise UserError(
            "mimii.download: true fetches the published zips; "
            "it needs mimii.layout: zip and mimii.archives: published"
        )


def _pattern(names: Iterable[str] | None) -> str:
    return NAME_PATTERN if names is None else "|".join(map(re.escape, names))
