"""Draw docs/images/rules.svg: which rule feeds which, with one box for all training jobs.

    .venv/bin/python docs/make_rule_picture.py

Needs Graphviz's `dot`, which is not part of the environment.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGETS = ["all", "figures", "results/tables/leaderboard.csv"]


def merged(graph: str) -> str:
    """Return a rule graph in which all rules fit_and_score_... are one node, edges once each."""
    labels = dict(re.findall(r'^\s*(\d+)\[label = "(\w+)"', graph, re.MULTILINE))
    name = {
        number: "fit_and_score" if label.startswith("fit_and_score_") else label
        for number, label in labels.items()
    }
    edges = {(name[a], name[b]) for a, b in re.findall(r"(\d+) -> (\d+)", graph)}
    lines = [
        "digraph rules {",
        "rankdir=LR; nodesep=0.15; ranksep=0.4;",
        'node [shape=box, style="rounded,filled", fillcolor="#eef3f8", color="#5b7a99",',
        'fontname="sans-serif", fontsize=11, height=0.3];',
        'edge [color="#8a8a8a", arrowsize=0.6];',
        *(f"{a} -> {b};" for a, b in sorted(edges)),
        "}",
    ]
    return "\n".join(lines)


def main() -> None:
    snakemake = Path(sys.executable).with_name("snakemake")
    command = [str(snakemake), *TARGETS, "--rulegraph"]
    graph = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    picture = ROOT / "docs/images/rules.svg"
    subprocess.run(["dot", "-Tsvg", "-o", picture], input=merged(graph), check=True, text=True)


if __name__ == "__main__":
    main()
