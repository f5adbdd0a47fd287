"""A chain as people read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mimii_bench.provenance.chain import Chain
from mimii_bench.provenance.evidence import BROKEN, Link, Proof, State
from mimii_bench.reports import columns

#: Of many lines or files so many are shown; `--format json` has all.
_SHOWN = 4


def in_words(chain: Chain) -> str:
    """Return a chain as text."""
    return "\n".join(_lines(chain))


def _lines(chain: Chain) -> Iterator[str]:
    row = chain.row
    number = row[columns.REPRODUCED] or "none of ours"
    if row[columns.CI_LOW]:
        number = f"{number} [{row[columns.CI_LOW]}, {row[columns.CI_HIGH]}]"
    yield f"{chain.address}: {number}, {row[columns.STATUS]} (line {chain.line})"
    for link in chain.links:
        yield ""
        yield from _of_link(link)
    yield ""
    yield from _verdict(chain)


def _of_link(link: Link) -> Iterator[str]:
    said = [*_few(link.says), *_of_proofs(link.proofs)]
    for number, line in enumerate(said):
        yield f"{link.name if number == 0 else '':<10}{line}"


def _of_proofs(proofs: Sequence[Proof]) -> Iterator[str]:
    """Yield the files that are wrong, each, and the others, some of them and how many."""
    wrong = [proof for proof in proofs if proof.state in BROKEN]
    right = [proof for proof in proofs if proof.state not in BROKEN]
    yield from _few([f"{proof.path}: {proof.state}" for proof in right], proofs=right)
    for proof in wrong:
        yield f"! {proof.path}: {proof.state}{f' ({proof.why})' if proof.why else ''}"


def _few(lines: Sequence[str], proofs: Sequence[Proof] = ()) -> Iterator[str]:
    yield from lines[:_SHOWN] if len(lines) > _SHOWN + 1 else lines
    if len(lines) > _SHOWN + 1:
        states = Counter(str(proof.state) for proof in proofs[_SHOWN:])
        told = ", ".join(f"{number} {state}" for state, number in states.items())
        yield f"and {len(lines) - _SHOWN} more{f': {told}' if told else ''}"


def _verdict(chain: Chain) -> Iterator[str]:
    if chain.computed is None:
        yield f"not computed anew: {chain.why}"
    elif chain.differing:
        for name in chain.differing:
            now = chain.computed[name] or "nothing"
            yield f"computed now: {name} is {now}, not {chain.row[name] or 'nothing'}"
    else:
        yield "computed now from these scores: the same, to the last digit of all.csv"
    if chain.unrecorded:
        yield (
            f"of {chain.unrecorded} files Snakemake's records tell nothing: that they are of this "
            "code and configuration is not proven"
        )
    broken = [link.name for link in chain.links if link.state in BROKEN]
    states = {proof.state for link in chain.links for proof in link.proofs} & {*BROKEN}
    if chain.is_proven:
        yield "proven: every link holds"
    elif states == {State.OTHER} and chain.computed is not None and not chain.differing:
        yield (
            "the number follows from its files, but what is here now would make them otherwise: "
            f"{', '.join(broken)}; give the run's configuration, or run snakemake again"
        )
    elif broken:
        yield f"not proven: {', '.join(broken)}"
    else:
        yield "not proven"
