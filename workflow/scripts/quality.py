"""Write what is odd in the recordings of some units."""

from pathlib import Path

from _door import job, tell

from mimii_bench.audio.quality import write_quality
from mimii_bench.corpus.index import read_index
from mimii_bench.corpus.location import located
from mimii_bench.planning.paths import Paths

with job(globals()) as snakemake:
    paths = Paths(snakemake.params.results)
    corpus = located(snakemake.config, Path(paths.results))
    for table in snakemake.output:
        unit = paths.unit_in(table)
        source = corpus.source(unit.machine, unit.snr)
        clips = read_index(paths.index.format(**unit._asdict()), unit.id)
        tell(write_quality(source, unit, clips, table))
