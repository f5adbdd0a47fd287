"""A share of each label's recordings tests; the supervised split of report kim-ims-cnn."""

import math

from mimii_bench.corpus.base import LABELS, Clip, Unit
from mimii_bench.splits.base import Pool, Roles
from mimii_bench.util.seeds import generator

#: Abnormal clips train too.
SUPERVISED = True


def roles(pool: Pool, test: float, validation: float = 0.0) -> Roles:
    """Draw the share `test` of each label's recordings; of the rest, the share `validation`.

    Report kim-ims-cnn, section 3.2: a fifth of each data set tests, normal and abnormal clips
    shuffled apart; the abnormal clips that are left train. Shares are of the whole pool, not of
    each unit, and rounded up: so come out all test sizes that the report's numbers allow (fan
    815 + 295, pump 750 + 92, slider 641 + 178, valve 739 + 96), but for the valves at 0 and 6 dB,
    whose numbers need 97 abnormal clips. Clips of one name have the same role at every SNR, in one
    pool or in several. The parts of a corpus that is split already (DCASE) are not kept: they hold
    no abnormal clip to train on.
    """
    drawn: dict[tuple[str, str, str], str] = {}
    machines = sorted({unit.machine for unit in pool})
    for label in LABELS:
        recordings = sorted(
            {_recording(unit, clip) for unit in pool for clip in pool[unit] if clip.label == label}
        )
        tested = _rounded_up(test * len(recordings))
        watched = _rounded_up(validation * (len(recordings) - tested))
        order = generator("stratified_random", machines, label).permutation(len(recordings))
        for place, index in enumerate(order):
            held_out = "test" if place < tested else "validation"
            drawn[recordings[index]] = held_out if place < tested + watched else "train"
    for unit, clips in pool.items():
        for clip in clips:
            yield unit, clip, drawn[_recording(unit, clip)]


def _recording(unit: Unit, clip: Clip) -> tuple[str, str, str]:
    return unit.machine, unit.id, clip.name


def _rounded_up(number: float) -> int:
    # .55 · 100 is a little more than 55 in binary, and means 55.
    return math.ceil(number - 1e-9)
