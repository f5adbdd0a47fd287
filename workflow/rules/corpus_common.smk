# Where the recordings are, and how jobs notice that they changed.

from snakemake.exceptions import WorkflowError

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.stamps import zip_to_check
from mimii_bench.planning.plan import units_used
from mimii_bench.util.errors import UserError

#: Says that the MD5 of a published zip was verified, and of which file that is true. The zips are
#: never declared: Snakemake deletes what is declared, and nobody wants to download 100 GB twice.
RECEIPT = "results/corpus/checked/{archive}.json"


def corpus_files(wildcards):
    """The file that the clips of one (machine, SNR) depend on: zip or receipt; none of a folder."""
    archive = CORPUS.archive(wildcards.machine, wildcards.snr)
    if CORPUS.pinned:
        # A zip that is checked again, since it was replaced or touched, is the same or is refused.
        return ancient(RECEIPT.format(archive=archive.stem))
    return str(archive) if archive else []


def published_zip(wildcards):
    """Which file was verified as a published zip, or is to be."""
    receipt = RECEIPT.format(archive=wildcards.archive)
    return zip_to_check(receipt, CORPUS.folder / f"{wildcards.archive}.zip")


def clips_there(wildcards):
    """A digest of which loose clips of one (machine, SNR) are there."""
    return CORPUS.clips_there(wildcards.machine, wildcards.snr)


def recordings_there(wildcards):
    """A digest of the state of a unit's loose recordings."""
    return CORPUS.state_of(Unit(wildcards.machine, wildcards.snr, wildcards.id))


def announce_downloads():
    """Say before the first job what a download needs."""
    try:
        needs = CORPUS.announced_download(units_used(PLAN))
    except UserError as error:
        raise WorkflowError(str(error))
    if needs:
        print(needs, file=sys.stderr)
