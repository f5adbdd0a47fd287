"""What is odd in the recordings of a unit: silence, dead microphones, clipping, copies.

A header that is wrong about the rate of a recording contradicts nothing in it: that is not found.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mimii_bench.audio.fitness import check_equal, fitted
from mimii_bench.audio.levels import CLIPPED, FULL_SCALE, Levels
from mimii_bench.audio.likeness import Excerpt, excerpt_of, likenesses
from mimii_bench.audio.wav import Recording, decode
from mimii_bench.corpus.base import Clip, Unit
from mimii_bench.corpus.sources import ClipSource
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_sealed, write_rows, write_sealed

#: Share of the samples at a channel's own extremes that is worth a remark.
_FLAT = 0.25
#: What the summary counts, of the columns below.
_COUNTED = ("silent", "dead_channels", "equal_channels", "duplicate_of", "remark")


class Quality(NamedTuple):
    """One line of the table of a unit.

    Attributes
    ----------
    clip, label, encoding : str
        Its name and label, and how its samples are held: PCM_16, FLOAT.
    channels : int
    peak : float
        Largest magnitude, full scale being 1.
    clipped : float
        Share of the samples at full scale.
    silent : str
        `yes` where all channels are dead.
    dead_channels, equal_channels : str
        Those that move by two steps of 16 bits at most; pairs of others with the same samples.
    dc_offset : float
        The mean that is largest in magnitude, of all channels.
    duplicate_of : str
        The first clip of the unit with the same samples, perhaps at another level or moment.
    digest : str
        Of the samples: equal for equal recordings, however they are encoded, and that of the first
        clip for its copies. Nothing where all are constant: silence is no copy of silence.
    remark : str
        What of it all is odd.
    """

    clip: str
    label: str
    encoding: str
    channels: int
    peak: float
    clipped: float
    silent: str
    dead_channels: str
    equal_channels: str
    dc_offset: float
    duplicate_of: str
    digest: str
    remark: str


def write_quality(
    source: ClipSource, unit: Unit, clips: Sequence[Clip], path: Path | str
) -> list[str]:
    """Write the table of the quality of a unit's recordings, each of which is read once.

    Parameters
    ----------
    source : ClipSource
        Where the recordings are; its description says what they must be like.
    unit : Unit
    clips : sequence of Clip
        Of that unit.
    path : Path or str
        The CSV to write.

    Returns
    -------
    list of str
        What is odd, in one line; none where nothing is.

    Raises
    ------
    UserError
        A recording is one that no mix can be made of (see `fitness`), or has the very samples of
        one with the other label.
    """
    rows: list[Quality] = []
    excerpts: list[Excerpt | None] = []
    seen: dict[str, Clip] = {}
    first = None
    with source.open() as reader:
        for clip in clips:
            name = reader.describe(clip.member)
            recording = fitted(decode(reader.read(clip.member), name), source.corpus, name)
            first = first or (len(recording.samples), name)
            check_equal(len(recording.samples), name, *first)
            row = measure(recording, clip)
            original = seen.setdefault(row.digest, clip) if row.digest else clip
            if original.label != clip.label:
                raise UserError(
                    f"{name} has the same samples as {original.member}, under another label; "
                    "delete the one that is wrong"
                )
            rows.append(row if original is clip else _copy(row, original.name))
            heard = "0" not in row.dead_channels.split()
            excerpts.append(excerpt_of(recording.samples[:, 0]) if heard else None)
    _name_likenesses(rows, excerpts)
    write_sealed(path, Quality._fields, rows)
    return list(_told(unit, rows, str(path)))


def write_summary(tables: Mapping[Unit, Path | str], path: Path | str) -> list[str]:
    """Write a row for each unit, that counts what is odd in the table which `write_quality` wrote.

    Returns
    -------
    list of str
        One line that names clips with the samples of one in another unit; none where there are
        none. A split knows of them where both are in its pool.
    """
    rows, elsewhere = [], []
    first: dict[str, tuple[Unit, str]] = {}
    for unit, table in tables.items():
        found = read_sealed(table, Quality._fields)
        counts = [sum(bool(row[column]) for row in found) for column in _COUNTED]
        twice = 0
        for row in found:
            original = first.setdefault(row["digest"], (unit, row["clip"])) if row["digest"] else ()
            if original and original[0] != unit:
                twice += 1
                elsewhere.append(_pair((unit, row["clip"]), original))
        rows.append((*unit, len(found), *counts, twice))
    write_rows(path, (*Unit._fields, "clips", *_COUNTED, "in_another_unit"), rows)
    more = f" and {len(elsewhere) - 1} more" if len(elsewhere) > 1 else ""
    return [f"the same samples in two units: {elsewhere[0]}{more}; see {path}"] if elsewhere else []


def _pair(one: tuple[Unit, str], other: tuple[Unit, str]) -> str:
    return " and ".join(f"{unit.path}/{clip}" for unit, clip in (one, other))


def measure(recording: Recording, clip: Clip) -> Quality:
    """Return what a recording is like by itself.

    Examples
    --------
    >>> samples = np.array([[0, 5], [0, -16384], [0, 8192]], np.int16)
    >>> clip = Clip("normal/1", "00", "normal", "", "")
    >>> found = measure(Recording(samples, 16_000, "PCM_16"), clip)
    >>> found.peak, found.dead_channels, found.remark
    (0.5, '0', 'dead channel 0')
    """
    samples = recording.samples
    levels = Levels()
    levels.add(samples)
    dead, clipped = levels.dead, levels.clipped
    facts = np.stack([levels.low, levels.high, levels.sums], axis=1)
    equal = _equal_channels(samples, facts, dead)
    remarks = dict.fromkeys(levels.remarks())
    if equal:
        remarks[f"equal channels {equal}"] = None
    scale = FULL_SCALE if samples.dtype == np.int16 else 1
    ends = np.stack([levels.low, levels.high]) * scale
    if clipped < CLIPPED and _is_flat(samples, ends, ~dead):
        remarks["flat at its extremes"] = None
    return Quality(
        clip.name,
        clip.label,
        recording.encoding,
        samples.shape[1],
        round(levels.peak, 6),
        round(clipped, 6),
        "yes" if dead.all() else "",
        _joined(dead.nonzero()[0]),
        equal,
        round(levels.offset, 6),
        "",
        digest_of(samples) if (levels.high > levels.low).any() else "",
        "; ".join(remarks),
    )


def digest_of(samples: np.ndarray) -> str:
    """Return a digest of samples (sample, channel), int16 or float32.

    Floats that are 16-bit integers over 32768 have the digest of those.
    """
    if samples.dtype != np.int16:
        steps = samples * np.float32(FULL_SCALE)
        whole = np.rint(steps)
        if np.array_equal(steps, whole) and -FULL_SCALE <= whole.min() <= whole.max() < FULL_SCALE:
            samples = whole.astype(np.int16)
    shape = f"{samples.shape[1]} {samples.dtype.kind} ".encode()
    return hashlib.sha256(shape + np.ascontiguousarray(samples).tobytes()).hexdigest()[:32]


def _is_flat(samples: np.ndarray, ends: np.ndarray, heard: np.ndarray) -> bool:
    """Tell whether many samples stand at the largest or smallest value of their channel."""
    some = samples[::16]
    stand = ((some == ends[0]) | (some == ends[1])).mean(axis=0)[heard]
    return bool(stand.size and stand.max() >= _FLAT)


def _equal_channels(samples: np.ndarray, facts: np.ndarray, dead: np.ndarray) -> str:
    """Return pairs of channels with the same samples; only those with the same facts are read."""
    first: dict[tuple, int] = {}
    pairs = []
    for channel, own in enumerate(map(tuple, facts.tolist())):
        other = first.setdefault(own, channel)
        if (
            other != channel
            and not dead[channel]
            and np.array_equal(samples[:, other], samples[:, channel])
        ):
            pairs.append(f"{other}={channel}")
    return " ".join(pairs)


def _joined(channels: np.ndarray) -> str:
    return " ".join(map(str, channels.tolist()))


def _copy(row: Quality, original: str, how: str = "") -> Quality:
    told = ", ".join(filter(None, [f"copy of {original}", how]))
    return row._replace(duplicate_of=original, remark="; ".join(filter(None, [row.remark, told])))


def _name_likenesses(rows: list[Quality], excerpts: Sequence[Excerpt | None]) -> None:
    """Say of clips that they are others at another level or moment; such share a digest.

    Not with one of the other label, which a split could not keep on the same side.
    """
    for found in likenesses(excerpts):
        row, original = rows[found.clip], rows[found.original]
        if not row.duplicate_of:
            row = _copy(row, original.duplicate_of or original.clip, str(found))
            digest = original.digest if row.label == original.label else row.digest
            rows[found.clip] = row._replace(digest=digest)


def _told(unit: Unit, rows: Sequence[Quality], table: str) -> Iterator[str]:
    odd = [row for row in rows if row.remark]
    told = [f"{row.clip}: {row.remark}" for row in odd[:3]]
    if len(odd) > 3:
        told.append(f"{len(odd) - 3} more")
    encodings = Counter((row.label, row.encoding) for row in rows)
    if len({encoding for _, encoding in encodings}) > 1:
        each = (f"{n} {label} in {how}" for (label, how), n in sorted(encodings.items()))
        told.append(f"encodings differ, {', '.join(each)}")
    if told:
        yield f"{unit.path}: used, but {' | '.join(told)}; see {table}"
