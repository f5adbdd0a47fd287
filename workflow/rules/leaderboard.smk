# One protocol for all systems; not part of the default run.


rule leaderboard:
    """The ranks of all systems, and which differences are real."""
    input:
        scores=one_line(PROJECT.ranking.scores),
        models=PROJECT.ranking.models,
    output:
        standing=report(
            PATHS.leaderboard,
            caption="../report/leaderboard.rst",
            category="Leaderboard",
            labels={"table": "ranks"},
        ),
        units=report(
            PATHS.leaderboard_units,
            caption="../report/leaderboard.rst",
            category="Leaderboard",
            labels={"table": "units"},
        ),
        differences=report(
            PATHS.leaderboard_differences,
            caption="../report/leaderboard.rst",
            category="Leaderboard",
            labels={"table": "differences"},
        ),
        stability=PATHS.leaderboard_stability,
        calibration=PATHS.leaderboard_calibration,
        official=PATHS.leaderboard_official,
        times=PATHS.leaderboard_times,
        page=PATHS.leaderboard_page,
        sums=PATHS.leaderboard_sums,
    log:
        PATHS.log("leaderboard", PATHS.leaderboard),
    benchmark:
        PATHS.benchmark("leaderboard", PATHS.leaderboard)
    conda:
        "../envs/tables.yaml"
    resources:
        mem_mb=NEEDS.memory("leaderboard"),
        runtime=NEEDS.runtime("leaderboard"),
    params:
        code=PROJECT.code.leaderboard(),
        stands_on=lambda wildcards: PROJECT.fingerprints.of_protocol("leaderboard"),
        rows=PROJECT.ranking.rows,
        fusions=PROJECT.ranking.fused,
        thresholds=PROJECT.ranking.thresholds,
        times=PROJECT.ranking.times,
        left_out=PROJECT.ranking.left_out,
        corpus=PROJECT.inventory.corpus,
        split=PROJECT.ranking.split,
        edition=PROJECT.ranking.edition,
        replicates=config["budgets"][config["budget"]]["bootstrap"],
    script:
        "../scripts/leaderboard.py"
