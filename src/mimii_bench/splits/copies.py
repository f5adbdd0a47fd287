"""Clips with the samples of another one: no split may have them on both sides.

A copy under another label is refused. One under the same label is left out of the draw, and gets
the role of the clip that it copies; so do the versions of its recording at other SNRs.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from mimii_bench.corpus.base import Clip, Unit
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_sealed

_Key = tuple[Unit, str]
#: Of the samples of a clip, by its unit and name; nothing of one that copies none.
Digests = Mapping[_Key, str]
#: By the clip whose role they take.
Followers = Mapping[_Key, Sequence[tuple[Unit, Clip]]]
_Pool = Mapping[Unit, Sequence[Clip]]


def read_digests(pool: _Pool, tables: Sequence[Path | str]) -> dict[_Key, str]:
    """Read the digests of the clips of a pool from the quality table of each of its units.

    Raises
    ------
    UserError
        A table lacks a clip, or is not as it was written.
    """
    digests = {}
    for (unit, clips), table in zip(pool.items(), tables, strict=True):
        known = {row["clip"]: row["digest"] for row in read_sealed(table)}
        for clip in clips:
            if clip.name not in known:
                raise UserError(f"{table}: lacks {clip.name}; delete the table and run again")
            digests[unit, clip.name] = known[clip.name]
    return digests


def copied(digests: Digests) -> dict[_Key, _Key]:
    """Return which clip each copy is one of: the first with its samples."""
    first: dict[str, _Key] = {}
    originals = ((key, first.setdefault(digest, key)) for key, digest in digests.items() if digest)
    return {key: original for key, original in originals if key != original}


def told(digests: Digests) -> list[str]:
    """Return one line that names the copies in a pool; none where there are none."""
    found = copied(digests)
    named = [f"{_shown(*copy)} of {_shown(*first)}" for copy, first in found.items()]
    more = [f"{len(named) - 3} more"] if len(named) > 3 else []
    said = ", ".join(named[:3] + more)
    return [f"copies, which take the roles of what they copy: {said}"] if named else []


def apart(
    pool: _Pool, digests: Digests, recordings: Mapping[_Key, Hashable]
) -> tuple[dict[Unit, list[Clip]], Followers]:
    """Take copies out of a pool, and the other versions of their recordings.

    Parameters
    ----------
    pool : mapping
        The clips of each unit.
    digests : mapping
        In the order of the pool.
    recordings : mapping
        What the recording of a clip is called, by unit and name of the clip.

    Returns
    -------
    pool : dict
        What is left.
    followers : mapping
        What was taken out, by the clip whose role it takes.

    Raises
    ------
    UserError
        Two clips with the same samples have different labels.
    """
    copies = copied(digests)
    _check_labels(pool, copies)
    first = _united(pool, copies, recordings)
    left: dict[Unit, list[Clip]] = {unit: [] for unit in pool}
    followers: dict[_Key, list[tuple[Unit, Clip]]] = {}
    for unit, clips in pool.items():
        for clip in clips:
            key = unit, clip.name
            leader = first[recordings[key]]
            if key not in copies and recordings[leader] == recordings[key]:
                left[unit].append(clip)
            else:
                original = copies.get(key, leader)
                kept = recordings[original] == recordings[leader]
                followers.setdefault(original if kept else leader, []).append((unit, clip))
    return left, followers


def with_copies(
    roles: Iterable[tuple[Unit, Clip, str]], followers: Followers
) -> Iterator[tuple[Unit, Clip, str]]:
    """Yield unit, clip and role, and behind each those that take its role."""
    for unit, clip, role in roles:
        yield unit, clip, role
        for other_unit, copy in followers.get((unit, clip.name), ()):
            yield other_unit, copy, role


def _check_labels(pool: _Pool, copies: Mapping[_Key, _Key]) -> None:
    labels = {(unit, clip.name): clip.label for unit in pool for clip in pool[unit]}
    for copy, original in copies.items():
        if labels[copy] != labels[original]:
            raise UserError(
                f"{_shown(*copy)} has the same samples as {_shown(*original)}, under another "
                "label; delete the one that is wrong"
            )


def _united(
    pool: _Pool, copies: Mapping[_Key, _Key], recordings: Mapping[_Key, Hashable]
) -> dict[Hashable, _Key]:
    """Return by each recording the first clip of it and of those that copies unite it with."""
    first: dict[Hashable, _Key] = {}
    for unit in pool:
        for clip in pool[unit]:
            first.setdefault(recordings[unit, clip.name], (unit, clip.name))
    order = {key: place for place, key in enumerate(first.values())}
    united = dict(first)
    # Until nothing changes: a copy of a copy's version at another SNR comes late.
    changed = True
    while changed:
        changed = False
        for copy, original in copies.items():
            pair = [recordings[copy], recordings[original]]
            earliest = min((united[name] for name in pair), key=order.__getitem__)
            for name in pair:
                changed |= united[name] != earliest
                united[name] = earliest
    return united


def _shown(unit: Unit, name: str) -> str:
    return f"{unit.path}/{name}"
