# From nothing, or from a folder of zips, to an index of clips.


localrules:
    check_archive,


rule noise_bank:
    """Impulse responses and factory noise, made once and drawn from by every simulated clip."""
    output:
        PATHS.bank,
        PATHS.checksum(PATHS.bank),
    log:
        PATHS.log("noise_bank", PATHS.bank),
    benchmark:
        PATHS.benchmark("noise_bank", PATHS.bank)
    conda:
        "../envs/corpus.yaml"
    # Nothing else can be done before it.
    threads: 2
    resources:
        mem_mb=NEEDS.memory("noise_bank"),
        runtime=NEEDS.runtime("noise_bank"),
    params:
        code=PROJECT.code.of("noise_bank"),
        seed=PROJECT.corpus_files.simulation()["seed"],
    script:
        "../scripts/noise_bank.py"


rule simulate:
    """The zips of one machine: the same recordings at every SNR under other noise."""
    input:
        bank=PATHS.bank,
    output:
        PROJECT.corpus_files.archives("{machine}"),
    log:
        PATHS.log("simulate", "{machine}"),
    benchmark:
        PATHS.benchmark("simulate", "{machine}")
    conda:
        "../envs/corpus.yaml"
    resources:
        mem_mb=NEEDS.memory("simulate"),
        runtime=NEEDS.runtime("simulate"),
    params:
        code=PROJECT.code.simulate,
        clips=PROJECT.corpus_files.simulation(),
        stands_on=PROJECT.code.of("noise_bank"),
    script:
        "../scripts/simulate.py"


rule check_archive:
    """A published zip, found or downloaded, with its MD5 verified once."""
    output:
        PATHS.receipt,
    log:
        PATHS.log("check_archive", PATHS.receipt),
    benchmark:
        PATHS.benchmark("check_archive", PATHS.receipt)
    conda:
        "../envs/corpus.yaml"
    resources:
        mem_mb=NEEDS.memory("check_archive"),
        runtime=NEEDS.runtime("check_archive"),
        downloads=1,
    params:
        # No code: what was verified once stays so, whatever happens to the downloader.
        zip=PROJECT.corpus_files.to_check,
    script:
        "../scripts/check_archive.py"


workflow.localrules(*(one.name for one in PROJECT.batches.indexes))

for INDEXES in PROJECT.batches.indexes:

    rule:
        """The clips of some machines and SNRs, and where the bytes of each are."""
        name:
            INDEXES.name
        input:
            corpus=files_of_clips(INDEXES),
        output:
            INDEXES.outputs,
        log:
            PATHS.log("clip_index", INDEXES.logged),
        benchmark:
            PATHS.benchmark("clip_index", INDEXES.logged)
        wildcard_constraints:
            **INDEXES.constraints,
        conda:
            "../envs/corpus.yaml"
        resources:
            mem_mb=NEEDS.memory(INDEXES),
            runtime=NEEDS.runtime(INDEXES),
        params:
            code=PROJECT.code.of("clip_index"),
            results=lambda wildcards: PATHS.results,
            stands_on=of_clips(INDEXES),
            places=INDEXES.members,
        script:
            "../scripts/clip_index.py"
