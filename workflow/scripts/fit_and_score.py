"""Train one system on the pools of a job, one after the other, and score every clip of each."""

from _door import job, use_threads

with job(snakemake) as started:
    from mimii_bench.training import experiment, job as jobs
    from mimii_bench.splits.manifests import read_split

    p, source, output = snakemake.params, snakemake.input, snakemake.output
    *name, number = p.job
    small = [*source.splits, *source.code]
    work = jobs.Job(name, p.settings, p.torch_threads, source.stores, small, p.checkpoint_seconds)
    work.load()
    use_threads(p.torch_threads)
    started()
    written = output.weights, output.descriptions, output.histories, output.scores
    splits = dict(zip(p.pools, source.splits, strict=True))
    outputs = dict(zip(p.pools, map(experiment.Outputs, *written), strict=True))

    def train(training, system, stores):
        rows = read_split(splits[training.pool])
        experiment.run(system, rows, stores, p.settings["roles"], outputs[training.pool])

    jobs.run(work, p.pools, [number], lambda training: outputs[training.pool].weights, train)
