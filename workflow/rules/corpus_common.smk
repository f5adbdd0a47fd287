# Where the recordings are, and how jobs notice that they changed.

from functools import cache
from pathlib import Path

from snakemake.exceptions import WorkflowError

from _corpus import SIMULATED_FOLDER, location, source_of
from mimii_bench.corpus import download, inventory
from mimii_bench.corpus.layout import IDS, Unit, archive_name
from mimii_bench.corpus.stamps import files_digest, names_digest, zip_to_check
from mimii_bench.util.errors import UserError
from mimii_bench.planning.plan import units_used

LAYOUT, CORPUS_FOLDER = location(config)
#: The published zips are pinned by their MD5 and are never declared: Snakemake deletes what is
#: declared, and nobody wants to download 100 GB twice.
PINNED = not SIMULATED and LAYOUT == "zip" and config["mimii"]["archives"] == "published"
#: Says that the MD5 of a published zip was verified, and of which file that is true.
RECEIPT = "results/corpus/checked/{archive}.json"
#: Recordings that no job makes and no MD5 proves: a job depends on the state of their files.
LOOSE = not SIMULATED and not PINNED


def corpus_files(wildcards):
    """The file that the clips of one (machine, SNR) depend on: zip or receipt; none of a folder."""
    source = source_of(config, wildcards)
    if PINNED:
        # A zip that is checked again, since it was replaced or touched, is the same or is refused.
        return ancient(RECEIPT.format(archive=source.path.stem))
    return str(source.path) if LAYOUT == "zip" else []


def published_zip(wildcards):
    """Which file was verified as a published zip, or is to be."""
    receipt = RECEIPT.format(archive=wildcards.archive)
    return zip_to_check(receipt, Path(CORPUS_FOLDER, f"{wildcards.archive}.zip"))


def clips_there(wildcards):
    """A digest of which loose clips of one (machine, SNR) are there."""
    if not LOOSE:
        return None
    units = [Unit(wildcards.machine, wildcards.snr, id) for id in IDS]
    return names_digest(clip.member for unit in units for clip in INVENTORY.units.get(unit, []))


def recordings_there(wildcards):
    """A digest of the state of a unit's loose recordings."""
    return unit_state(Unit(wildcards.machine, wildcards.snr, wildcards.id)) if LOOSE else None


@cache
def unit_state(unit):
    source = source_of(config, unit)
    return files_digest(source.root, source.files(INVENTORY.units.get(unit, [])))


def simulated_archives(machine):
    """The zips that the simulation makes for a machine."""
    names = [archive_name(machine, snr) for snr in config["simulated"]["snrs"]]
    return [f"{SIMULATED_FOLDER}/{name}" for name in names]


def announce_downloads():
    """Say before the first job what a download needs."""
    if PINNED and config["mimii"]["download"]:
        names = inventory.archives_needed(units_used(PLAN))
        needed = download.disk_needed(names, CORPUS_FOLDER) / 1e9
        print(f"downloads into {CORPUS_FOLDER}: at most {needed:.1f} GB", file=sys.stderr)
        try:
            download.check_disk(names, CORPUS_FOLDER)
        except UserError as error:
            raise WorkflowError(str(error))
