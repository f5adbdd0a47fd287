"""Find which clips of a pool are the same recording at several SNRs."""

from pathlib import Path

from _door import job

from mimii_bench.audio.mixes import parse_mix
from mimii_bench.audio.recordings import write_recordings
from mimii_bench.audio.sounds import in_one_mix
from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.index import read_index
from mimii_bench.corpus.location import located

with job(globals()) as snakemake:
    p = snakemake.params
    corpus, mix, heard = located(snakemake.config, Path(p.results)), parse_mix(p.mix), {}
    for unit, index in ((Unit(*fields), index) for fields, index in p.units):
        source = corpus.source(unit.machine, unit.snr)
        heard[unit] = in_one_mix(source, read_index(index, unit.id), mix)
    found = write_recordings(heard, snakemake.output.table)
    Path(snakemake.output.found).write_text("\n".join(found) + "\n")
