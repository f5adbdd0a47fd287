# From all that lies there to a word on each file that is damaged.


rule verify:
    """Every file below the results as it lies there; it makes nothing."""
    log:
        PATHS.log("verify", ""),
    conda:
        "../envs/systems.yaml"
    resources:
        mem_mb=NEEDS.memory("verify"),
        runtime=NEEDS.runtime("verify"),
    params:
        results=PATHS.results,
    script:
        "../scripts/verify.py"
