"""Rank every system by its scores on every unit."""

from _door import job

with job(snakemake) as started:
    from pathlib import Path

    from mimii_bench.corpus.layout import Unit
    from mimii_bench.leaderboard import standings, tables

    started()
    p, output = snakemake.params, snakemake.output
    rows = [
        tables.RankedScore(
            **row | {"folders": {Unit(*unit): seeds for unit, seeds in row["folders"]}}
        )
        for row in p.rows
    ]
    field = tables.contenders(rows)
    measured = {
        m: standings.measure(field, m, p.replicates) for m in standings.measurable(field[0])
    }
    standing = tables.standing(field, measured, rows, p.corpus)
    pairs, stability = tables.compared(field, measured["auc"]), tables.stability(field)
    tables.write(standing, output.standing)
    tables.write(tables.by_unit(measured), output.units)
    tables.write(pairs, output.differences)
    tables.write(stability, output.stability)
    tables.write(tables.times(p.times), output.times)
    Path(output.page).write_text(tables.page(standing, pairs, stability, p.left_out))
