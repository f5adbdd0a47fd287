"""Draw one picture of a report."""

from _door import job

with job(snakemake) as started:
    from mimii_bench.util import plugins
    from mimii_bench.figures.canvas import draw

    p = snakemake.params
    read = plugins.load("figures", f"from_{p.kind}.read")
    plot = plugins.load("figures", p.plot)
    started()
    parts = {p.kind: read(p.parts)}
    draw(plot, {**parts, **p.options}, snakemake.output[0], p.caption, p.note)
