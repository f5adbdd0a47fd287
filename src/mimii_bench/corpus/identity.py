"""Whether what lies in a folder is the published set, and if it is not, why.

Names of files prove nothing. Published zips have MD5s, which a job of its own verifies before any
clip of theirs is read (`stamps`). A set that is unpacked is known by how many clips of each kind
every unit has, and by the samples of one clip of each unit. What passes neither is a corpus of
one's own, whose numbers are compared with none that is printed.
"""

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mimii_bench.corpus.base import Clip, Corpus, Unit
from mimii_bench.corpus.sources import open_source

Units = Mapping[Unit, Sequence[Clip]]


def why_own(corpus: Corpus, folder: Path, units: Units, proven: bool) -> str:
    """Return why recordings are not the published set; nothing where they are.

    Units that are not there are none of its concern: a part of a set is still of the set, and what
    it lacks is said elsewhere.

    Parameters
    ----------
    corpus : Corpus
        The description of the published set.
    folder : Path
    units : {Unit: clips}
        What was found there.
    proven : bool
        Whether MD5s will prove the archives.
    """
    if not corpus.counts:
        return f"no counts or checksums of {corpus.name} are known"
    if corpus.md5 and not proven:
        return (
            f"no MD5 proves them to be {corpus.name}; only zips do, "
            "with mimii.layout: zip and mimii.archives: published"
        )
    # What a set has beside the units whose counts are known is no matter of theirs.
    known = {
        unit: clips for unit, clips in units.items() if (unit.machine, unit.id) in corpus.counts
    }
    if not known:
        return f"no counts or checksums of these units of {corpus.name} are known"
    objections = (_miscounted(corpus, known), _altered(corpus, folder, known))
    return next((why for found in objections for why in found), "")


def published_counts(corpus: Corpus, unit: Unit) -> Counter[tuple[str, str]]:
    """Return how many clips of each (part, label) the published set has of a unit.

    Examples
    --------
    >>> from mimii_bench.corpus.dcase import DCASE2020
    >>> dict(published_counts(DCASE2020, Unit("slider", "-6dB", "06")))
    {('train', 'normal'): 434, ('test', 'normal'): 100, ('test', 'abnormal'): 89}
    """
    normal, abnormal = corpus.counts.get((unit.machine, unit.id), (0, 0))
    tests = corpus.test_normal
    if tests is None:
        return Counter({("", "normal"): normal, ("", "abnormal"): abnormal})
    return Counter(
        {
            ("train", "normal"): normal - tests,
            ("test", "normal"): tests,
            ("test", "abnormal"): abnormal,
        }
    )


def samples_digest(data: bytes) -> str | None:
    """Return the MD5 of the samples of a WAV or FLAC file as 16-bit integers.

    It is what the header of a 16-bit FLAC file holds, and the same for the WAV that it was made
    from. None where the bytes are no recording.
    """
    import soundfile

    try:
        samples, _ = soundfile.read(io.BytesIO(data), dtype="int16")
    except soundfile.LibsndfileError:
        return None
    return hashlib.md5(samples.astype("<i2").tobytes()).hexdigest()


def _miscounted(corpus: Corpus, units: Units) -> Iterator[str]:
    for unit, clips in units.items():
        found = Counter((clip.part, clip.label) for clip in clips)
        published = published_counts(corpus, unit)
        for part, label in sorted(found.keys() | published.keys()):
            has, wanted = found[part, label], published[part, label]
            if has != wanted:
                kind = f"{label} clips{f' in {part}' if part else ''}"
                yield f"{unit.path} has {has} {kind}, the published set {wanted}"


def _altered(corpus: Corpus, folder: Path, units: Units) -> Iterator[str]:
    """Yield which clips whose samples are known have others."""
    for unit, clips in units.items():
        known = corpus.digests.get((unit.machine, unit.id))
        if known is None:
            continue
        name, digest = known
        source = open_source(corpus, folder, unit.machine, unit.snr)
        member = next((clip.member for clip in clips if clip.name == name), None)
        if member is None:
            yield f"{unit.path} lacks {name}, which the published set has"
            continue
        with source.open() as reader:
            data = reader.read(member)
        if samples_digest(data) != digest:
            yield f"{source.root / member} has other samples than in the published set"
