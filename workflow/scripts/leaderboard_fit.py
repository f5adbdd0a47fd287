"""Train one system of the leaderboard on all pools and seeds of a job, and score the test clips."""

from _door import job, use_threads

with job(snakemake):
    from mimii_bench import experiment, plugins, records
    from mimii_bench.atomic import replacing
    from mimii_bench.corpus.layout import Unit
    from mimii_bench.features.build import build_feature
    from mimii_bench.leaderboard import trials
    from mimii_bench.seeds import stable_seed
    from mimii_bench.splits import read_split

    w, p, source = snakemake.wildcards, snakemake.params, snakemake.input
    system_class = plugins.load("systems", p.class_name)
    use_threads(p.torch_threads)
    pools = {path: [Unit(*fields) for fields in units] for path, units in p.pools.items()}
    computed = [build_feature(feature) if feature else None for feature in p.computed]
    stores = experiment.stores_by_input(source.stores, [u for pool in pools.values() for u in pool], computed)
    rows, times = read_split(source.split), []
    with replacing(snakemake.output.trials) as folder:
        for path, units in pools.items():
            for number in range(p.seeds):
                seed = stable_seed("leaderboard", w.entry, path, number)
                system = system_class(**p.options, seed=seed, device=p.device)
                pool = trials.pool_of(rows, stores, units)
                place = folder / path / f"seed{number}"
                times.append((path, number, *trials.run(system, *pool, p.ids, place)))
    records.write_rows(snakemake.output.times, trials.Times._fields, times)
