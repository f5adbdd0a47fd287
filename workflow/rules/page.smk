# From tables to the page that people open first.


rule page:
    """The page that people open first: one file, for any browser, without network."""
    input:
        PATHS.all_long,
        PATHS.all_claims,
        PATHS.missing,
        PATHS.audit,
    output:
        PATHS.page,
        PATHS.page_sums,
    log:
        PATHS.log("page", PATHS.page),
    benchmark:
        PATHS.benchmark("page", PATHS.page)
    conda:
        "../envs/page.yaml"
    params:
        code=PROJECT.code.page(),
        stands_on=lambda wildcards: PROJECT.page.stands_on(),
        facts=lambda wildcards: PROJECT.page.facts(),
        files=PROJECT.page.files(),
    script:
        "../scripts/page.py"
