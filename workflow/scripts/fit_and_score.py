"""Train one system on one pool and score every clip of its manifest."""

from _door import job

with job(snakemake):
    import torch

    from pathlib import Path

    from mimii_bench import experiment, plugins, records
    from mimii_bench.atomic import replacing
    from mimii_bench.corpus.layout import Unit
    from mimii_bench.scores import write_scores
    from mimii_bench.seeds import stable_seed
    from mimii_bench.splits import read_split

    w, p, output = snakemake.wildcards, snakemake.params, snakemake.output
    torch.set_num_threads(p.torch_threads)
    units = [Unit(*fields) for fields in p.units]
    stores = experiment.stores_by_input(snakemake.input.stores, units)
    rows = read_split(snakemake.input.split)
    seed = stable_seed(w.report, w.system, w.pool, w.seed)
    system = plugins.load("systems", p.class_name)(**p.options, seed=seed, device=p.device)
    experiment.fit(system, rows, stores)
    with replacing(output.scores) as folder:
        for name, scores in experiment.score(system, rows, stores).items():
            write_scores(rows, scores, Path(folder, f"{name}.csv"))
    records.write_rows(output.history, system.history_[0]._fields, system.history_)
    system.save(output.weights, output.description)
