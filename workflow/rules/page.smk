# From tables, models and recordings to the page that people open first.


localrules:
    page,


rule listening:
    """Clips of a machine that a system ranks highest, lowest and most wrongly, to hear and to see."""
    input:
        PROJECT.listening.inputs,
    output:
        directory(PATHS.listening),
    log:
        PATHS.log("listening", PATHS.listening),
    benchmark:
        PATHS.benchmark("listening", PATHS.listening)
    conda:
        "../envs/figures.yaml"
    resources:
        mem_mb=NEEDS.memory("listening"),
        runtime=NEEDS.runtime("listening"),
    params:
        code=PROJECT.code.listening,
        results=lambda wildcards: PATHS.results,
        stands_on=PROJECT.listening.stands_on,
        asked=PROJECT.listening.asked,
    script:
        "../scripts/listening.py"


rule page:
    """The page that people open first: one file, for any browser, without network."""
    input:
        one_line(PROJECT.page.inputs)(),
    output:
        PATHS.page,
        PATHS.page_sums,
    log:
        PATHS.log("page", PATHS.page),
    benchmark:
        PATHS.benchmark("page", PATHS.page)
    conda:
        "../envs/page.yaml"
    resources:
        mem_mb=NEEDS.memory("page"),
        runtime=NEEDS.runtime("page"),
    params:
        code=PROJECT.code.page(),
        stands_on=lambda wildcards: PROJECT.page.stands_on(),
        facts=lambda wildcards: PROJECT.page.facts(),
        files=PROJECT.page.files(),
    script:
        "../scripts/page.py"
