"""Find which clips of a pool are the same recording at several SNRs."""

from pathlib import Path

from _door import job

from mimii_bench.audio.recordings import write_recordings
from mimii_bench.corpus.base import Unit

with job(globals()) as snakemake:
    pairs = zip(snakemake.params.units, snakemake.input.audio, strict=True)
    folders = {Unit(*fields): Path(folder) for fields, folder in pairs}
    found = write_recordings(folders, snakemake.output.table, sealed=True)
    Path(snakemake.output.found).write_text("\n".join(found) + "\n")
