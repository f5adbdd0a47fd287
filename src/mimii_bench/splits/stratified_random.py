"""A share of each label's recordings tests; the supervised split of report kim-ims-cnn."""

import math
import operator
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Annotated, ClassVar

from pydantic import Field

from mimii_bench.corpus.base import LABELS, Clip, Unit
from mimii_bench.splits.base import Pool, RandomSplit, Recordings, Roles
from mimii_bench.util.seeds import generator

#: Machine, id and name of a clip, which all its versions at other SNRs share.
_Recording = tuple[str, str, str]


class StratifiedRandom(RandomSplit):
    """Draw the share `test` of each label's recordings; of the rest, the share `validation`.

    Report kim-ims-cnn, section 3.2: a fifth of each data set tests, normal and abnormal clips
    shuffled apart; the abnormal clips that are left train. Shares are of the whole pool, not of
    each unit, and rounded up: so come out all test sizes that the report's numbers allow (fan
    815 + 295, pump 750 + 92, slider 641 + 178, valve 739 + 96), but for the valves at 0 and 6 dB,
    whose numbers need 97 abnormal clips. Clips of one name have the same role at every SNR, in one
    pool or in several. The parts of a corpus that is split already (DCASE) are not kept: they hold
    no abnormal clip to train on.

    With `contiguous`, [ours], the clips of a machine that test are neighbours in time: one run of
    each label in the order of their names, from a drawn place on, which goes on at the beginning
    where it meets the end; those that validate follow it. Abnormal clips come in runs of one fault
    (docs/real-fans.md), so that clips drawn one by one have their neighbours in training. Sizes are
    the same. (Names are in the order of time, but for a few at -6 dB, which are interleaved.)
    """

    supervised: ClassVar[bool] = True
    gives_abnormal: ClassVar[bool] = True

    class Options(RandomSplit.Options):
        """Which shares are drawn."""

        test: Annotated[float, Field(gt=0, lt=1, description="Share of the clips that test.")]
        validation: Annotated[
            float, Field(ge=0, lt=1, description="Share of the others that validate.")
        ] = 0.0
        contiguous: Annotated[
            bool,
            Field(description="Whether clips that test are neighbours in time, of each machine."),
        ] = False

    def needed(self) -> list[tuple[str, str]]:
        """Return the pairs of role and label that a manifest must hold."""
        watched = [("validation", label) for label in LABELS] if self.options.validation else []
        return [*super().needed(), *watched]

    def roles(self, pool: Pool, recordings: Recordings | None = None) -> Roles:
        """Yield unit, clip and role."""
        drawn = {name: role for label in LABELS for name, role in self._draw(pool, label)}
        for unit, clips in pool.items():
            for clip in clips:
                yield unit, clip, drawn[_recording(unit, clip)]

    def _draw(self, pool: Pool, label: str) -> list[tuple[_Recording, str]]:
        """Return each recording of a label with its role."""
        recordings = sorted(
            {_recording(unit, clip) for unit in pool for clip in pool[unit] if clip.label == label}
        )
        tested = _rounded_up(self.options.test * len(recordings))
        watched = _rounded_up(self.options.validation * (len(recordings) - tested))
        ordered = self._in_runs if self.options.contiguous else self._shuffled
        return list(ordered(recordings, tested, watched, label))

    def _shuffled(
        self, recordings: Sequence[_Recording], tested: int, watched: int, label: str
    ) -> Iterator[tuple[_Recording, str]]:
        """Yield recordings in a drawn order, with their roles."""
        machines = sorted({machine for machine, _, _ in recordings})
        order = generator(*self.key("stratified_random", machines, label))
        roles = _roles(len(recordings), tested, watched)
        drawn = order.permutation(len(recordings))
        return ((recordings[index], role) for index, role in zip(drawn, roles, strict=True))

    def _in_runs(
        self, recordings: Sequence[_Recording], tested: int, watched: int, label: str
    ) -> Iterator[tuple[_Recording, str]]:
        """Yield the recordings of each machine from a drawn one on, with their roles."""
        ids = [list(own) for _, own in groupby(recordings, key=itemgetter(0, 1))]
        sizes = list(map(len, ids))
        tests, validates = _dealt(tested, sizes), _dealt(watched, sizes)
        left = [size - test for size, test in zip(sizes, tests, strict=True)]
        if any(map(operator.lt, left, validates)):
            validates = _dealt(watched, left)
        for own, test, validate in zip(ids, tests, validates, strict=True):
            order = generator(*self.key("contiguous", *own[0][:2], label))
            start = order.integers(len(own))
            roles = _roles(len(own), test, validate)
            yield from zip([*own[start:], *own[:start]], roles, strict=True)


def _roles(recordings: int, tested: int, watched: int) -> list[str]:
    trained = recordings - tested - watched
    return ["test"] * tested + ["validation"] * watched + ["train"] * trained


def _dealt(total: int, sizes: Sequence[int]) -> list[int]:
    """Deal so many to groups in proportion to their sizes, in whole numbers."""
    ends = [0]
    for size in sizes:
        ends.append(ends[-1] + size)
    whole = max(ends[-1], 1)
    return [total * end // whole - total * start // whole for start, end in pairwise(ends)]


def _recording(unit: Unit, clip: Clip) -> _Recording:
    return unit.machine, unit.id, clip.name


def _rounded_up(number: float) -> int:
    # .55 · 100 is a little more than 55 in binary, and means 55.
    return math.ceil(number - 1e-9)
