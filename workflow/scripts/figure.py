"""Draw one picture of a report."""

from _door import job

from mimii_bench.figures.canvas import write
from mimii_bench.util import plugins
from mimii_bench.util.checksums import write_sums

with job(globals()) as snakemake:
    p, given = snakemake.params, snakemake.params.figure
    read = plugins.load("figures", f"from_{given['kind']}.read")
    figure = plugins.load("figures", given["plot"])(**given["options"])
    *pictures, sums = snakemake.output
    write(figure, read(p.parts), *pictures, caption=given["caption"], note=p.note)
    write_sums(pictures, sums)
