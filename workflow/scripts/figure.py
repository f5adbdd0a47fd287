"""Draw one picture of a report."""

from _door import job

from mimii_bench.figures.canvas import draw
from mimii_bench.util import plugins

with job(globals()) as snakemake:
    figure, note = snakemake.params.figure, snakemake.params.note
    read = plugins.load("figures", f"from_{figure['kind']}.read")
    plot = plugins.load("figures", figure["plot"])
    parts = {figure["kind"]: read(snakemake.params.parts)}
    draw(plot, {**parts, **figure["options"]}, snakemake.output[0], figure["caption"], note)
