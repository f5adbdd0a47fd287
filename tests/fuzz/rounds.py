"""Search with every reader in turn, for a given time, and tell how coverage grew: for people.

    python tests/fuzz/rounds.py --until 3600 --rounds 3 --findings findings/

Needs `atheris`. Each reader has the same share of each round; what reached new lines is kept, and
the next round begins with it. `growth.csv` among the findings has a line for each time that more
was reached: how far a search has come shows when that was last.
"""

import argparse
import csv
import re
import subprocess
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")]

from fuzz.readers import READERS

#: What libFuzzer says: `#512 NEW cov: 913 ft: 1200 corp: 33/4096b ...`.
TOLD = re.compile(r"#(\d+)\s+(\w+)\s+cov: (\d+) ft: (\d+) corp: (\d+)")
COLUMNS = ("round", "reader", "seconds", "inputs", "event", "lines", "features", "corpus")


def one_round(number: int, reader: str, seconds: int, findings: Path) -> None:
    """Search with one reader, and add to the log and the table of growth."""
    command = [sys.executable, str(Path(__file__).with_name("run.py")), reader]
    command += [f"--seconds={seconds}", f"--findings={findings}"]
    began, table = time.monotonic(), findings / "growth.csv"
    new = not table.exists()
    with (
        (findings / f"{reader}.log").open("a") as log,
        table.open("a", newline="") as grown,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as search,
    ):
        writer = csv.writer(grown)
        if new:
            writer.writerow(COLUMNS)
        for line in search.stdout:
            log.write(line)
            if told := TOLD.match(line):
                inputs, event, *rest = told.groups()
                passed = round(time.monotonic() - began)
                writer.writerow([number, reader, passed, inputs, event, *rest])
                grown.flush()


def main() -> None:
    """Search as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--until", type=int, default=3600, help="seconds, for all together")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--findings", type=Path, default=Path("findings"))
    arguments = parser.parse_args()
    arguments.findings.mkdir(parents=True, exist_ok=True)
    end, left = time.monotonic() + arguments.until, arguments.rounds * len(READERS)
    for number in range(1, arguments.rounds + 1):
        for reader in READERS:
            share = int((end - time.monotonic()) / left)
            one_round(number, reader, max(share, 1), arguments.findings)
            left -= 1


if __name__ == "__main__":
    main()
