"""Train one system on the pools of a job, one after the other, and score every clip of each."""

from _door import job, use_threads

with job(snakemake) as started:
    from mimii_bench import experiment, interruption, plugins
    from mimii_bench.errors import about
    from mimii_bench.seeds import stable_seed
    from mimii_bench.manifests import read_split

    p, source, output = snakemake.params, snakemake.input, snakemake.output
    report, name, number = p.job
    given = p.settings
    system_class = plugins.load("systems", given["class_name"])
    use_threads(p.torch_threads)
    started()
    pools, stores = experiment.read_pools(p.pools, source.stores, given["computed"])
    written = output.weights, output.descriptions, output.histories, output.scores
    for path, split, *files in zip(pools, source.splits, *written, strict=True):
        outputs, own = experiment.Outputs(*files), experiment.of_units(stores, pools[path])
        seed = stable_seed(report, name, path, number)
        system = system_class(**given["options"], seed=seed, device=given["device"])
        settings, small = [given, p.torch_threads, path, seed], [split, *source.code]
        checkpoint = interruption.checkpoint_path(outputs.weights, settings, small, source.stores)
        system.go_on_from(checkpoint, p.checkpoint_seconds)
        with about(path):
            experiment.run(system, read_split(split), own, given["roles"], outputs)
        interruption.remove_checkpoints(outputs.weights)
