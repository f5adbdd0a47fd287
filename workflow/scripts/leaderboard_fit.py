"""Train one system of the leaderboard on all pools and seeds of a job, and score the test clips."""

from _door import job, use_threads

with job(snakemake) as started:
    from mimii_bench import experiment, plugins, records
    from mimii_bench.atomic import replacing
    from mimii_bench.errors import about
    from mimii_bench.leaderboard import trials
    from mimii_bench.seeds import stable_seed
    from mimii_bench.manifests import read_split

    w, p, source = snakemake.wildcards, snakemake.params, snakemake.input
    system_class = plugins.load("systems", p.class_name)
    use_threads(p.torch_threads)
    started()
    pools, stores = experiment.read_pools(p.pools, source.stores, p.computed)
    rows, times = read_split(source.split), []
    with replacing(snakemake.output.trials) as folder:
        for path, pool in pools.items():
            mine, own = [row for row in rows if row.unit in pool], experiment.of_units(stores, pool)
            for number in range(p.seeds):
                seed = stable_seed("leaderboard", w.entry, path, number)
                system = system_class(**p.options, seed=seed, device=p.device)
                with about(path):
                    took = trials.run(system, mine, own, p.ids, folder / path / f"seed{number}")
                times.append((path, number, *took))
    records.write_rows(snakemake.output.times, trials.Times._fields, times)
