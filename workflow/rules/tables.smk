# From scores and published numbers to tables.


rule report_tables:
    """A report's numbers beside ours: every one in a long table, and each table as printed."""
    input:
        published=lambda wildcards: REPORTS[wildcards.report].published or [],
        scores=report_scores,
        descriptions=lambda wildcards: descriptions(wildcards.report).values(),
        splits=lambda wildcards: split_paths(wildcards.report),
        code=lambda wildcards: code("report_tables", *threshold_modules(wildcards.report)),
    output:
        long="results/tables/{report}/all.csv",
        claims="results/tables/{report}/claims.csv",
        confusion="results/tables/{report}/confusion.csv",
        printed=directory("results/tables/{report}/printed"),
    log:
        "results/logs/report_tables/{report}.log",
    benchmark:
        "results/benchmarks/report_tables/{report}.tsv"
    conda:
        "../envs/tables.yaml"
    params:
        score_folders=lambda wildcards: score_folders(wildcards.report),
        descriptions=lambda wildcards: descriptions(wildcards.report),
        spec=lambda wildcards: table_spec(wildcards.report),
        corpus=INVENTORY.corpus,
        budget=config["budget"],
        max_steps=lambda wildcards: BUDGETS[wildcards.report]["max_steps"],
        replicates=lambda wildcards: BUDGETS[wildcards.report]["bootstrap"],
    script:
        "../scripts/report_tables.py"


rule all_tables:
    """Every number of every report, and what could not be computed."""
    input:
        reports=expand("results/tables/{report}/all.csv", report=REPORTS),
        claims=expand("results/tables/{report}/claims.csv", report=REPORTS),
        code=code("all_tables"),
    output:
        long="results/tables/all.csv",
        claims="results/tables/claims.csv",
        missing="results/tables/missing.csv",
    log:
        "results/logs/all_tables.log",
    benchmark:
        "results/benchmarks/all_tables.tsv"
    conda:
        "../envs/tables.yaml"
    params:
        missing=PLAN.missing,
    script:
        "../scripts/all_tables.py"


rule audit:
    """The published tables of all reports, checked against themselves."""
    input:
        published=sorted(map(str, Path("reports").glob("*/published.csv"))),
        facts=sorted(map(str, Path("reports").glob("*/audit.yaml"))),
        code=code("audit"),
    output:
        "results/tables/audit.csv",
    log:
        "results/logs/audit.log",
    benchmark:
        "results/benchmarks/audit.tsv"
    conda:
        "../envs/tables.yaml"
    script:
        "../scripts/audit.py"
