"""A bill as people read it: tables of text."""

from __future__ import annotations

from collections.abc import Iterator

from tabulate import tabulate

from mimii_bench.pricing.bill import Bill

#: Of so many megabytes on, a size is told in gigabytes.
_MANY_MB = 1000


def in_tables(bill: Bill) -> str:
    """Return a bill as text."""
    return "\n\n".join([*_tables(bill), "\n".join(_words(bill))])


def duration(seconds: float) -> str:
    """Return a time as people say it.

    Examples
    --------
    >>> duration(7), duration(840), duration(9000), duration(3.5e6)
    ('7 s', '14 min', '2.5 h', '972 h')
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    hours = seconds / 3600
    return f"{hours:.1f} h" if hours < 100 else f"{hours:.0f} h"


def size(number: float) -> str:
    """Return a number of bytes as people say it.

    Examples
    --------
    >>> size(0), size(8e6), size(10.8e9)
    ('0 MB', '8 MB', '10.8 GB')
    """
    megabytes = number / 1e6
    return f"{megabytes:.0f} MB" if megabytes < _MANY_MB else f"{megabytes / 1000:.1f} GB"


def _tables(bill: Bill) -> Iterator[str]:
    yield _table(
        ["job", "how many", "CPU time", "makes"],
        [
            *([k.kind, k.jobs, duration(k.cpu_seconds), size(k.bytes)] for k in bill.kinds),
            ["all", bill.jobs, duration(bill.cpu_seconds), size(bill.final_bytes)],
        ],
    )
    yield _table(
        ["folder", "in the end", "at most"],
        [
            *([f.folder, size(f.final_bytes), size(f.peak_bytes)] for f in bill.folders),
            ["all", size(bill.final_bytes), size(bill.peak_bytes)],
        ],
    )
    if bill.parts:
        yield _table(
            ["alone", "jobs", "CPU time", "time", "disk", "saved without: CPU time", "disk "],
            [
                [
                    *(part.name, part.jobs, duration(part.cpu_seconds), duration(part.seconds)),
                    *(size(part.bytes), duration(part.only_cpu_seconds), size(part.only_bytes)),
                ]
                for part in bill.parts
            ],
        )


def _table(headers: list[str], rows: list[list]) -> str:
    columns = ("left", *["right"] * (len(headers) - 1))
    return tabulate(rows, headers, tablefmt="simple", colalign=columns, disable_numparse=True)


def _words(bill: Bill) -> Iterator[str]:
    yield f"time: {duration(bill.seconds)} on {bill.cores} core{'s' * (bill.cores != 1)}"
    if bill.largest:
        yield f"memory of the largest job: {size(bill.memory_bytes)} ({bill.largest})"
    if bill.download_bytes:
        yield f"download: about {size(bill.download_bytes)}; its time is not counted"
    for name in bill.unknown:
        yield f"{name}: no rate is known, counted as a middling one; --measure times it"
    yield f"rates: {bill.rates}"
