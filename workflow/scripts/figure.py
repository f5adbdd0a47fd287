"""Draw one picture of a report."""

from _door import job

with job(snakemake) as started:
    from mimii_bench.figures.canvas import write
    from mimii_bench.util import plugins

    p = snakemake.params
    read = plugins.load("figures", f"from_{p.kind}.read")
    figure = plugins.load("figures", p.plot)(**p.options)
    # The library imports it when it first draws, which would not count as start-up.
    import matplotlib.figure  # noqa: F401

    started()
    write(figure, read(p.parts), snakemake.output[0], p.caption, p.note)
