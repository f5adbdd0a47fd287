"""Train one system of the leaderboard on all pools and seeds of a job, and score the test clips."""

from _door import job, use_threads

with job(snakemake) as started:
    from mimii_bench.training import job as jobs
    from mimii_bench.util import records
    from mimii_bench.leaderboard import trials

    w, p, source = snakemake.wildcards, snakemake.params, snakemake.input
    small = [source.split, *source.code]
    work = jobs.Job(
        ("leaderboard", w.entry),
        p.settings,
        p.torch_threads,
        source.stores,
        small,
        p.checkpoint_seconds,
    )
    work.load()
    use_threads(p.torch_threads)
    started()
    folder = snakemake.output.trials
    times = trials.run_all(work, p.pools, p.seeds, source.split, p.ids, p.kinds, folder)
    records.write_rows(snakemake.output.times, trials.Times._fields, times)
