# From what the other stages made to pictures.


rule figure:
    """One picture of a report."""
    input:
        PROJECT.drawing.inputs,
    output:
        PATHS.figure,
        PATHS.figure_sums,
    log:
        PATHS.log("figure", PATHS.figure),
    benchmark:
        PATHS.benchmark("figure", PATHS.figure)
    conda:
        "../envs/figures.yaml"
    params:
        code=PROJECT.code.figure,
        stands_on=PROJECT.drawing.stands_on,
        figure=PROJECT.drawing.spec,
        parts=PROJECT.drawing.parts,
        note=PROJECT.drawing.note,
    script:
        "../scripts/figure.py"
