"""Train one system on one pool and score every clip of its manifest."""

from _door import job, use_threads

with job(snakemake):
    from mimii_bench import experiment, interruption, plugins
    from mimii_bench.corpus.layout import Unit
    from mimii_bench.seeds import stable_seed
    from mimii_bench.splits import read_split

    w, p, source = snakemake.wildcards, snakemake.params, snakemake.input
    output = experiment.Outputs(**dict(snakemake.output.items()))
    system_class = plugins.load("systems", p.class_name)
    use_threads(p.torch_threads)
    seed = stable_seed(w.report, w.system, w.pool, w.seed)
    system = system_class(**p.options, seed=seed, device=p.device)
    settings = [p.class_name, p.options, p.units, p.device, p.torch_threads, seed]
    system.go_on_from(
        interruption.checkpoint_path(
            output.weights, settings, [source.split, *source.code], source.stores
        )
    )
    stores = experiment.stores_by_input(source.stores, [Unit(*fields) for fields in p.units])
    experiment.run(system, read_split(source.split), stores, ["train"], output)
    interruption.remove_checkpoints(output.weights)
