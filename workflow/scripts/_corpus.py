"""Where the configured corpus lies."""

from pathlib import Path

from mimii_bench.corpus.location import located
from mimii_bench.corpus.sources import ClipSource


def source_of(config: dict, wildcards) -> ClipSource:
    """Return the source of the clips of a job's machine and SNR."""
    return located(config, Path("results")).source(wildcards.machine, wildcards.snr)
