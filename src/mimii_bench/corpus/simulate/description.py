"""The simulation as a corpus: MIMII's names and form, as many clips as one asks for."""

from dataclasses import replace

from mimii_bench.corpus.base import Corpus
from mimii_bench.corpus.mimii import COUNTS, MIMII

SIMULATED = replace(MIMII, name="simulated", counts={}, md5={}, url="", part_of=MIMII)


def simulation(stub_seconds: float | None = None) -> Corpus:
    """Return the description of simulated clips, or of stubs that are so long.

    Examples
    --------
    >>> simulation().samples, simulation(2.5).samples
    (160000, 40000)
    """
    if stub_seconds is None:
        return SIMULATED
    return replace(SIMULATED, samples=round(stub_seconds * SIMULATED.sample_rate))


def counts_of(machine: str, id: str, normal: int | None, abnormal: int | None) -> tuple[int, int]:
    """Return how many clips a unit is given; where no number is said, as many as the real one has.

    Examples
    --------
    >>> counts_of("fan", "00", 12, 4)
    (12, 4)
    >>> counts_of("fan", "00", None, 4)
    (1011, 4)
    """
    asked = zip((normal, abnormal), COUNTS[machine, id], strict=True)
    first, second = (real if count is None else count for count, real in asked)
    return first, second
