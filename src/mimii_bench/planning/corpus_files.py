"""Where the recordings are, and what the jobs that read them depend on."""

from pathlib import Path

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.catalog import ConfiguredCorpus
from mimii_bench.corpus.mimii import archive_name
from mimii_bench.corpus.stamps import zip_to_check
from mimii_bench.planning.paths import Paths


class CorpusFiles:
    """The files of a corpus as inputs and outputs of rules.

    Published zips are pinned by their MD5 and are never declared: a workflow engine deletes what
    is, and nobody wants to download 100 GB twice. A receipt stands for each.
    """

    def __init__(self, corpus: ConfiguredCorpus, paths: Paths):
        self.corpus, self._paths = corpus, paths

    def archives(self, machine: str) -> list[str]:
        """Return the zips that the simulation makes for a machine; none for another corpus."""
        snrs = (self.corpus.simulation or {"snrs": []})["snrs"]
        return [f"{self._paths.simulated}/{archive_name(machine, snr)}" for snr in snrs]

    def simulation(self) -> dict:
        """Return what the simulation is asked for of every machine."""
        asked = self.corpus.simulation or {}
        keys = ("snrs", "ids", "normal", "abnormal", "seed", "stub_seconds")
        return {key: asked.get(key) for key in keys}

    def files(self, wildcards) -> str | list:
        """Return the file that the clips of a machine and SNR depend on: receipt, or our own zip.

        Nothing of own recordings, whose state `state` tells: their dates are those of a recorder,
        which may be ahead of this machine's clock.
        """
        archive = self.corpus.archive(wildcards.machine, wildcards.snr)
        if archive is None or self.corpus.loose:
            return []
        return self.receipt(archive.stem) if self.corpus.pinned else str(archive)

    def receipt(self, archive: str) -> str:
        """Return the receipt of a published zip: that its MD5 was verified, and of which file."""
        return self._paths.receipt.format(archive=archive)

    def to_check(self, wildcards) -> object:
        """Return which file was verified as a published zip, or is to be."""
        path = Path(self.corpus.folder, f"{wildcards.archive}.zip")
        return zip_to_check(self.receipt(wildcards.archive), path)

    def clips(self, wildcards) -> str | None:
        """Return a digest of which loose clips of a machine and SNR are there."""
        return self.corpus.clips_there(wildcards.machine, wildcards.snr)

    def state(self, wildcards) -> str | None:
        """Return a digest of the state of a unit's loose recordings."""
        return self.corpus.state_of(Unit(wildcards.machine, wildcards.snr, wildcards.id))
