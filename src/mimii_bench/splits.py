"""Which clip plays which role: from the clips of a pool of units to a split manifest.

A scheme is a function of the clips of one pool and the split's options; it returns a role for
every clip that takes part. A clip has one role only.
"""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from mimii_bench.corpus.layout import LABELS, Clip, Unit
from mimii_bench.errors import UserError
from mimii_bench.records import read_rows, write_rows
from mimii_bench.seeds import generator, stable_seed

Pool = dict[Unit, list[Clip]]
Roles = Iterator[tuple[Unit, Clip, str]]


class Row(NamedTuple):
    """One line of a manifest; `role` is train, validation or test."""

    clip: str
    machine: str
    snr: str
    id: str
    label: str
    role: str

    @property
    def unit(self) -> Unit:
        """The unit that the clip belongs to."""
        return Unit(self.machine, self.snr, self.id)


def matched_test(pool: Pool) -> Roles:
    """Test on all abnormal clips and as many normal ones, the first by name; train on the rest.

    The split of the MIMII baseline's released code. In a corpus that is split already (DCASE),
    the corpus's own parts are the roles.
    """
    for unit, clips in pool.items():
        normal = [clip for clip in clips if clip.label == "normal"]
        abnormal = [clip for clip in clips if clip.label == "abnormal"]
        for place, clip in enumerate(normal):
            yield unit, clip, clip.part or ("test" if place < len(abnormal) else "train")
        for clip in abnormal:
            yield unit, clip, "test"


def dcase_development(pool: Pool, test_normal: int) -> Roles:
    """Test on all abnormal clips and `test_normal` normal ones of each unit, the first by name.

    The sizes of the DCASE 2020 development set. Which of MIMII's clips it took is not known, its
    numbers being new ([ours]: the first). A unit with fewer than three times as many normal clips
    gives a third of them. In the DCASE set itself, its own parts are the roles.
    """
    for unit, clips in pool.items():
        normal = [clip for clip in clips if clip.label == "normal"]
        held_out = min(test_normal, len(normal) // 3)
        for place, clip in enumerate(normal):
            yield unit, clip, clip.part or ("test" if place < held_out else "train")
        for clip in clips:
            if clip.label == "abnormal":
                yield unit, clip, "test"


def stratified_folds(pool: Pool, folds: int) -> Roles:
    """Deal each unit's normal clips, shuffled, to folds: one validates, one tests, the rest train.

    All abnormal clips test (report gamma-ae).
    """
    for unit, clips in pool.items():
        normal = [clip for clip in clips if clip.label == "normal"]
        order = generator("stratified_folds", unit.machine, unit.id).permutation(len(normal))
        for place, index in enumerate(order):
            role = {0: "validation", 1: "test"}.get(place % folds, "train")
            yield unit, normal[index], role
        for clip in clips:
            if clip.label == "abnormal":
                yield unit, clip, "test"


def random_draw(pool: Pool, train: int, test: int, apart: bool = True) -> Roles:
    """Draw `test` normal and `test` abnormal clips, and `train` normal ones, from the whole pool.

    Report two-mic-ae, section 3.1. A recording stands in the pool once per SNR: with `apart`, none
    that is tested trains; without, clips are drawn as if they were unrelated. A pool that has too
    few clips gives a quarter of its normal ones to the test.
    """
    rng = generator("random_draw", sorted({unit.machine for unit in pool}))
    clips = [(unit, clip) for unit, clips in pool.items() for clip in clips]
    shuffled = [clips[index] for index in rng.permutation(len(clips))]
    normal = [pair for pair in shuffled if pair[1].label == "normal"]
    abnormal = [pair for pair in shuffled if pair[1].label == "abnormal"]
    if len(normal) < train + test:
        test = min(test, len(normal) // 4)
    tested = normal[:test]
    recordings = {(unit.id, clip.name) for unit, clip in tested}
    rest = [
        (unit, clip)
        for unit, clip in normal[test:]
        if not (apart and (unit.id, clip.name) in recordings)
    ]
    for role, pairs in (("test", [*tested, *abnormal[:test]]), ("train", rest[:train])):
        for unit, clip in pairs:
            yield unit, clip, role


def stratified_random(pool: Pool, test: float, validation: float = 0.0) -> Roles:
    """Draw the share `test` of each label's recordings; of the rest, the share `validation`.

    Report kim-ims-cnn, section 3.2: a fifth of each data set tests, normal and abnormal clips
    shuffled apart; the abnormal clips that are left train. Shares are of the whole pool, not of
    each unit, and rounded up: so come out all test sizes that the report's numbers allow (fan
    815 + 295, pump 750 + 92, slider 641 + 178, valve 739 + 96), but for the valves at 0 and 6 dB,
    whose numbers need 97 abnormal clips. A recording has the same role at every SNR, in one pool
    or in several. The parts of a corpus that is split already (DCASE) are not kept: they hold no
    abnormal clip to train on.
    """
    roles: dict[tuple[str, str, str], str] = {}
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
            roles[recordings[index]] = held_out if place < tested + watched else "train"
    for unit, clips in pool.items():
        for clip in clips:
            yield unit, clip, roles[_recording(unit, clip)]


def _recording(unit: Unit, clip: Clip) -> tuple[str, str, str]:
    return unit.machine, unit.id, clip.name


def _rounded_up(number: float) -> int:
    # .55 · 100 is a little more than 55 in binary, and means 55.
    return math.ceil(number - 1e-9)


def half_of_anomalies(pool: Pool) -> Roles:
    """Test on half of each unit's abnormal clips and as many normal ones; train on the others.

    The split of the leaderboard. Which half follows from a hash of the recording's name: it is the
    same at every SNR. The abnormal clips of the other half serve only what learns from labels.
    """
    for unit, clips in pool.items():
        by_label = {"normal": [], "abnormal": []}
        for clip in sorted(clips, key=lambda c: stable_seed("half", unit.machine, unit.id, c.name)):
            by_label[clip.label].append(clip)
        tested = (len(by_label["abnormal"]) + 1) // 2
        for of_label in by_label.values():
            for place, clip in enumerate(of_label):
                yield unit, clip, "test" if place < tested else "train"


SCHEMES: dict[str, Callable[..., Roles]] = {
    scheme.__name__: scheme
    for scheme in (
        matched_test,
        dcase_development,
        stratified_folds,
        random_draw,
        stratified_random,
        half_of_anomalies,
    )
}
#: Schemes by which abnormal clips train too.
SUPERVISED = {"stratified_random"}


def make_split(pool: Pool, scheme: str, **options) -> list[Row]:
    """Return the manifest of a pool.

    Raises UserError, naming the pool and what is missing, when nothing is left to train on or
    when a test of normal against abnormal clips is impossible; under a supervised scheme, also
    when a label is missing among the clips that train or, where it holds some out, that validate.
    """
    rows = [
        Row(clip.name, *unit, clip.label, role)
        for unit, clip, role in SCHEMES[scheme](pool, **options)
    ]
    present = {(row.role, row.label) for row in rows}
    lacking = [
        f"{label} clips in {role}/"
        for role, label in _needed(scheme, options)
        if (role, label) not in present
    ]
    if lacking:
        units = ", ".join(unit.path for unit in pool)
        raise UserError(f"{units}: no {' and no '.join(lacking)} under the split {scheme}")
    return rows


def _needed(scheme: str, options: dict) -> list[tuple[str, str]]:
    """Return the pairs of role and label that a manifest must hold."""
    if scheme not in SUPERVISED:
        return [("train", "normal"), ("test", "normal"), ("test", "abnormal")]
    roles = ["train", "test", *(["validation"] if options.get("validation") else [])]
    return [(role, label) for role in roles for label in LABELS]


def write_split(rows: list[Row], path: Path | str) -> None:
    """Write a manifest."""
    write_rows(path, Row._fields, rows)


def read_split(path: Path | str) -> list[Row]:
    """Read a manifest."""
    return [Row(**row) for row in read_rows(path)]
