"""Draw docs/images/rules.svg: which rule feeds which.

    .venv/bin/python docs/make_rule_picture.py

Needs Graphviz's `dot`, which is not part of the environment.
"""

import re
import subprocess
import sys
from pathlib import Path

from mimii_bench.util.runs import kind_of

ROOT = Path(__file__).resolve().parents[1]
TARGETS = ["all", "audio", "figures", "results/tables/leaderboard.csv", "verify"]
STYLE = """\
rankdir=LR; nodesep=0.15; ranksep=0.4;
node [shape=box, style="rounded,filled", fillcolor="#eef3f8", color="#5b7a99",
fontname="sans-serif", fontsize=11, height=0.3];
edge [color="#8a8a8a", arrowsize=0.6];"""


def styled(graph: str) -> str:
    """Return Snakemake's graph of rules in the picture's style, from left to right."""
    named = re.findall(r'^\s*(\d+)\[label = "(\w+)"', graph, re.MULTILINE)
    labels = {number: kind_of(name) for number, name in named}
    edges = sorted({(labels[a], labels[b]) for a, b in re.findall(r"(\d+) -> (\d+)", graph)})
    # One that nothing feeds and that feeds nothing is in the picture by its name alone.
    alone = sorted(set(labels.values()) - {name for edge in edges for name in edge})
    lines = [*(f"{a} -> {b};" for a, b in edges), *(f"{name};" for name in alone)]
    return "\n".join(["digraph rules {", STYLE, *lines, "}"])


def main() -> None:
    snakemake = Path(sys.executable).with_name("snakemake")
    command = [str(snakemake), *TARGETS, "--rulegraph"]
    graph = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    picture = ROOT / "docs/images/rules.svg"
    subprocess.run(["dot", "-Tsvg", "-o", picture], input=styled(graph), check=True, text=True)


if __name__ == "__main__":
    main()
