# From scores and published numbers to tables.


localrules:
    all_tables,
    audit,


rule report_tables:
    """A report's numbers beside ours: every one in a long table, and each table as printed."""
    input:
        published=PROJECT.tables.published,
        scores=PROJECT.tables.scores,
        models=PROJECT.tables.models,
        splits=PROJECT.tables.splits,
    output:
        long=PATHS.long,
        claims=PATHS.claims,
        confusion=PATHS.confusion,
        printed=report(
            directory(PATHS.printed),
            patterns=["{name}.csv"],
            caption="../report/printed.rst",
            category="Reports",
            subcategory="{report}",
            labels={"report": "{report}", "table": "{name}"},
        ),
        sums=PATHS.table_sums,
    log:
        PATHS.log("report_tables", "{report}"),
    benchmark:
        PATHS.benchmark("report_tables", "{report}")
    conda:
        "../envs/tables.yaml"
    resources:
        mem_mb=NEEDS.memory("report_tables"),
        runtime=NEEDS.runtime("report_tables"),
    params:
        code=PROJECT.code.tables,
        stands_on=PROJECT.fingerprints.report,
        score_folders=PROJECT.tables.score_folders,
        descriptions=PROJECT.tables.descriptions,
        spec=PROJECT.tables.spec,
        corpus=PROJECT.inventory.corpus,
        budget=config["budget"],
        max_steps=lambda wildcards: PROJECT.tables.budget(wildcards)["max_steps"],
        replicates=lambda wildcards: PROJECT.tables.budget(wildcards)["bootstrap"],
    script:
        "../scripts/report_tables.py"


rule all_tables:
    """Every number of every report, and what could not be computed."""
    input:
        reports=PROJECT.tables.all_of(PATHS.long),
        claims=PROJECT.tables.all_of(PATHS.claims),
        # Not read: whoever reads the tables should know of it.
        quality=PATHS.quality_of_all,
    output:
        long=report(
            PATHS.all_long,
            caption="../report/numbers.rst",
            category="Tables",
            labels={"table": "every number"},
        ),
        claims=report(
            PATHS.all_claims,
            caption="../report/claims.rst",
            category="Tables",
            labels={"table": "claims"},
        ),
        missing=report(
            PATHS.missing,
            caption="../report/missing.rst",
            category="Tables",
            labels={"table": "what is missing"},
        ),
        sums=PATHS.all_sums,
    log:
        PATHS.log("all_tables", PATHS.all_long),
    benchmark:
        PATHS.benchmark("all_tables", PATHS.all_long)
    conda:
        "../envs/tables.yaml"
    resources:
        mem_mb=NEEDS.memory("all_tables"),
        runtime=NEEDS.runtime("all_tables"),
    params:
        code=PROJECT.code.of("all_tables"),
        stands_on=PROJECT.fingerprints.reports,
        missing=PROJECT.missing,
    script:
        "../scripts/all_tables.py"


rule audit:
    """The published tables of all reports, checked against themselves."""
    input:
        published=PROJECT.tables.audited("published.csv"),
        facts=PROJECT.tables.audited("audit.yaml"),
    output:
        report(
            PATHS.audit,
            caption="../report/audit.rst",
            category="Tables",
            labels={"table": "audit"},
        ),
        PATHS.audit_sums,
    log:
        PATHS.log("audit", PATHS.audit),
    benchmark:
        PATHS.benchmark("audit", PATHS.audit)
    conda:
        "../envs/tables.yaml"
    resources:
        mem_mb=NEEDS.memory("audit"),
        runtime=NEEDS.runtime("audit"),
    params:
        code=PROJECT.code.of("audit"),
        stands_on=lambda wildcards, input: PROJECT.fingerprints.contents(input),
        reports=lambda wildcards, input: str(Path(input.published[0]).parents[1]),
    script:
        "../scripts/audit.py"
