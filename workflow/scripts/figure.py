"""Draw one picture of a report."""

from _door import job

with job(snakemake):
    from mimii_bench import plugins
    from mimii_bench.figures.canvas import draw

    p = snakemake.params
    parts = plugins.load("figures", f"from_{p.kind}.read")(p.parts)
    plot = plugins.load("figures", p.plot)
    draw(plot, {p.kind: parts, **p.options}, snakemake.output[0], p.caption, p.note)
