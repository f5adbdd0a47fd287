"""Verdicts on stdout: a table, JSON lines, CSV, or nothing."""

import csv
import json
import sys
from typing import Protocol

from mimii_bench.detector.scoring import Verdict
from mimii_bench.util.spreadsheets import in_table

COLUMNS = (
    *("recording", "seconds", "score", "threshold", "verdict", "windows", "windows_above"),
    *("anomalous_seconds", "remark"),
)
#: Of spans, so many stand in a row of the table.
_SHOWN = 4


class Printer(Protocol):
    """What becomes of verdicts."""

    def add(self, verdict: Verdict) -> None:
        """Take in one."""

    def end(self) -> None:
        """Print what is left."""


def printer(form: str, follows: bool) -> Printer:
    """Return what prints verdicts as `table`, `json`, `csv` or `none`.

    Parameters
    ----------
    form : str
    follows : bool
        Whether rows of a table are printed as they come, since there is no last one.
    """
    if form == "table":
        return Following() if follows else Table()
    return {"json": Json, "csv": Csv, "none": Nothing}[form]()


def verdict_of(verdict: Verdict) -> str:
    """Return the verdict in a word."""
    return "anomalous" if verdict.anomalous else "normal"


def spans_of(verdict: Verdict, most: int | None = None) -> str:
    """Return the seconds that look anomalous, as `3-4.5 7-8`."""
    spans = [f"{start:.6g}-{end:.6g}" for start, end in verdict.spans]
    more = [f"and {len(spans) - most} more"] if most and len(spans) > most else []
    return " ".join([*spans[:most], *more])


class Nothing:
    """Prints nothing."""

    def add(self, verdict: Verdict) -> None:
        """Leave it."""

    def end(self) -> None:
        """Leave it."""


class Table:
    """Prints a table when all is known."""

    def __init__(self):
        self._rows: list[list[str]] = []

    def add(self, verdict: Verdict) -> None:
        """Keep a row."""
        self._rows.append(_row(verdict))

    def end(self) -> None:
        """Print the table."""
        from tabulate import tabulate

        headers = ["recording", "score", "threshold", "verdict", "anomalous seconds", "remark"]
        if not any(row[-1] for row in self._rows):
            headers, self._rows = headers[:-1], [row[:-1] for row in self._rows]
        if self._rows:
            print(tabulate(self._rows, headers, tablefmt="simple", disable_numparse=True))


class Following:
    """Prints a line at once."""

    def add(self, verdict: Verdict) -> None:
        """Print a line."""
        print("  ".join(filter(None, _row(verdict))), flush=True)

    def end(self) -> None:
        """Nothing is left."""


def _row(verdict: Verdict) -> list[str]:
    from mimii_bench.corpus.base import shown

    many = len(verdict.windows) > 1
    windows = f" ({verdict.windows_above} of {len(verdict.windows)} windows)" if many else ""
    return [
        shown(verdict.name),
        f"{verdict.score:.5g}",
        f"{verdict.threshold:.5g}",
        verdict_of(verdict) + windows,
        spans_of(verdict, _SHOWN),
        verdict.remark,
    ]


class Json:
    """Prints an object a line."""

    def add(self, verdict: Verdict) -> None:
        """Print it."""
        found = {
            "recording": verdict.name,
            "seconds": verdict.seconds,
            "score": verdict.score,
            "threshold": verdict.threshold,
            "verdict": verdict_of(verdict),
            "windows": [window._asdict() for window in verdict.windows],
            "windows_above": verdict.windows_above,
            "anomalous_seconds": [list(span) for span in verdict.spans],
            "remark": verdict.remark,
        }
        # A name may hold bytes that are no text.
        print(json.dumps(found), flush=True)

    def end(self) -> None:
        """Nothing is left."""


class Csv:
    """Prints a row of CSV for each."""

    def __init__(self):
        self._writer = csv.writer(sys.stdout, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def add(self, verdict: Verdict) -> None:
        """Print a row."""
        name = in_table(verdict.name).encode(errors="backslashreplace").decode()
        row = [name, verdict.seconds, verdict.score, verdict.threshold, verdict_of(verdict)]
        row += [len(verdict.windows), verdict.windows_above, spans_of(verdict), verdict.remark]
        self._writer.writerow(row)
        sys.stdout.flush()

    def end(self) -> None:
        """Nothing is left."""
