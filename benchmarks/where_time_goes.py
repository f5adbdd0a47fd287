"""Where the time of a finished run went, by rule: what its jobs logged and Snakemake measured.

    .venv/bin/python benchmarks/where_time_goes.py [results] [--only leaderboard]

Start-up is the CPU time of a job until it has imported what it needs, the interpreter and
Snakemake's own preamble included; see workflow/scripts/_door.py.
"""

import argparse
import re
from pathlib import Path

import pandas as pd

LINE = re.compile(r"done in (?P<cpu>[\d.]+) s of CPU time, (?P<startup>[\d.]+) of them")


def jobs(results: Path) -> pd.DataFrame:
    """Return one row per finished job: rule, job, seconds of wall and CPU time, and to start up."""
    rows = []
    for log in sorted((results / "logs").rglob("*.log")):
        if found := LINE.search(log.read_text()):
            place = log.relative_to(results / "logs").with_suffix("")
            measured = pd.read_csv(results / "benchmarks" / f"{place}.tsv", sep="\t")
            named = {"rule": place.parts[0], "job": str(place)}
            rows.append({**named, "s": measured["s"].iloc[0], **found.groupdict()})
    return pd.DataFrame(rows).astype({"cpu": float, "startup": float})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("results", nargs="?", type=Path, default=Path("results"))
    parser.add_argument("--only", default="", help="only jobs whose logs have this in their path")
    options = parser.parse_args()
    found = jobs(options.results)
    found = found[found["job"].str.contains(options.only, regex=False)]
    table = found.groupby("rule").agg(
        jobs=("s", "size"), wall=("s", "sum"), cpu=("cpu", "sum"), startup=("startup", "sum")
    )
    table.loc["all"] = table.sum()
    table["share"] = (table["startup"] / table["cpu"]).map("{:.0%}".format)
    table = table.astype({"jobs": int}).rename(
        columns={"wall": "s", "cpu": "CPU s", "startup": "start-up s", "share": "start-up"}
    )
    print(table.to_markdown(floatfmt=".1f"))


if __name__ == "__main__":
    main()
