# From what the other stages made to pictures.


wildcard_constraints:
    figure=r"[a-z0-9_]+",


rule figure:
    """One picture of a report."""
    input:
        sources=figure_inputs,
        code=figure_code,
    output:
        "results/figures/{report}/{figure}.png",
    log:
        "results/logs/figure/{report}/{figure}.log",
    benchmark:
        "results/benchmarks/figure/{report}/{figure}.tsv"
    conda:
        "../envs/figures.yaml"
    params:
        plot=lambda wildcards: figure_spec(wildcards).plot,
        kind=lambda wildcards: figure_spec(wildcards).kind,
        options=lambda wildcards: figure_spec(wildcards).options,
        caption=lambda wildcards: figure_spec(wildcards).caption,
        parts=figure_parts,
        note=figure_note,
    script:
        "../scripts/figure.py"
