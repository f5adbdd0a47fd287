# From nothing, or from a folder of zips, to an index of clips.

from mimii_bench.corpus.location import SIMULATED_FOLDER, simulated_archives

NOISE_BANK = f"results/{SIMULATED_FOLDER}/bank.h5"


rule noise_bank:
    """Impulse responses and factory noise, made once and drawn from by every simulated clip."""
    input:
        code=code("noise_bank"),
    output:
        NOISE_BANK,
    log:
        "results/logs/noise_bank.log",
    benchmark:
        "results/benchmarks/noise_bank.tsv"
    conda:
        "../envs/corpus.yaml"
    params:
        seed=config["simulated"]["seed"],
    script:
        "../scripts/noise_bank.py"


rule simulate:
    """The zips of one machine: the same recordings at every SNR under other noise."""
    input:
        bank=NOISE_BANK,
        code=lambda wildcards: code("simulate", model_module(wildcards.machine)),
    output:
        [str(path) for path in simulated_archives(config, Path("results"), "{machine}")],
    log:
        "results/logs/simulate/{machine}.log",
    benchmark:
        "results/benchmarks/simulate/{machine}.tsv"
    conda:
        "../envs/corpus.yaml"
    params:
        snrs=config["simulated"]["snrs"],
        clips={key: config["simulated"][key] for key in ("ids", "normal", "abnormal", "seed")},
    script:
        "../scripts/simulate.py"


rule check_archive:
    """A published zip, found or downloaded, with its MD5 verified once."""
    input:
        # What was verified once stays so, whatever happens to the downloader's code.
        code=ancient(code("check_archive")),
    output:
        RECEIPT,
    log:
        "results/logs/check_archive/{archive}.log",
    benchmark:
        "results/benchmarks/check_archive/{archive}.tsv"
    conda:
        "../envs/corpus.yaml"
    resources:
        downloads=1,
    params:
        zip=published_zip,
    script:
        "../scripts/check_archive.py"


rule clip_index:
    """The clips of one machine at one SNR, and where the bytes of each are."""
    input:
        corpus=corpus_files,
        code=code("clip_index"),
    output:
        "results/corpus/index/{machine}/{snr}.csv",
    log:
        "results/logs/clip_index/{machine}/{snr}.log",
    benchmark:
        "results/benchmarks/clip_index/{machine}/{snr}.tsv"
    conda:
        "../envs/corpus.yaml"
    params:
        clips=clips_there,
    script:
        "../scripts/clip_index.py"
