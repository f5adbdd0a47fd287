"""Where the configured corpus lies.

Read from the configuration, not from a rule's params, which Snakemake compares between runs: zips
that were moved to another folder, or are now allowed to be downloaded, are still the same zips.
"""

from mimii_bench.corpus.sources import Source, open_source

SIMULATED_FOLDER = "results/corpus/simulated"


def location(config: dict) -> tuple[str, str]:
    """Return layout and folder of the corpus."""
    if config["corpus"] == "simulated":
        return "zip", SIMULATED_FOLDER
    return config["mimii"]["layout"], config["mimii"]["folder"]


def source_of(config: dict, wildcards) -> Source:
    """Return the source of the clips of a job's machine and SNR."""
    return open_source(*location(config), wildcards.machine, wildcards.snr)
