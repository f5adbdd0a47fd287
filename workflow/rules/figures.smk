# From what the other stages made to pictures.


rule figure:
    """One picture of a report."""
    input:
        PROJECT.drawing.inputs,
    output:
        report(
            PATHS.figure,
            caption="../report/figure.rst",
            category="Figures",
            subcategory="{report}",
            labels={"report": "{report}", "figure": "{figure}"},
        ),
        PATHS.figure_svg,
        PATHS.figure_sums,
    log:
        PATHS.log("figure", PATHS.figure),
    benchmark:
        PATHS.benchmark("figure", PATHS.figure)
    conda:
        "../envs/figures.yaml"
    resources:
        mem_mb=NEEDS.memory("figure"),
        runtime=NEEDS.runtime("figure"),
    params:
        code=PROJECT.code.figure,
        stands_on=PROJECT.drawing.stands_on,
        figure=PROJECT.drawing.spec,
        parts=PROJECT.drawing.parts,
        note=PROJECT.drawing.note,
    script:
        "../scripts/figure.py"


rule overview:
    """One picture of the run as a whole, from its tables."""
    input:
        PROJECT.overview.inputs,
    output:
        report(
            PATHS.overview,
            caption="../report/figure.rst",
            category="Figures",
            subcategory="overview",
            labels={"report": "overview", "figure": "{picture}"},
        ),
        PATHS.overview_svg,
        PATHS.overview_sums,
    log:
        PATHS.log("overview", PATHS.overview),
    benchmark:
        PATHS.benchmark("overview", PATHS.overview)
    conda:
        "../envs/figures.yaml"
    resources:
        mem_mb=NEEDS.memory("overview"),
        runtime=NEEDS.runtime("overview"),
    params:
        code=PROJECT.code.overview,
        stands_on=PROJECT.overview.stands_on,
        figure=PROJECT.overview.spec,
        parts=PROJECT.overview.parts,
        note=PROJECT.overview.note,
    script:
        "../scripts/figure.py"
