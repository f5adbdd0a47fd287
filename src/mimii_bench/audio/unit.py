"""One mix of one unit: from the source's recordings to a folder of one-channel WAVs."""

from collections.abc import Sequence
from pathlib import Path

from mimii_bench.audio.fitness import check_difference, check_equal, check_mix, fitted
from mimii_bench.audio.mixes import Mix, apply_mix
from mimii_bench.audio.wav import decode, float_bytes
from mimii_bench.corpus.base import Clip
from mimii_bench.corpus.sources import ClipSource
from mimii_bench.util.atomic import replacing
from mimii_bench.util.checksums import crc, write_crcs


def write_mix(source: ClipSource, clips: Sequence[Clip], mix: Mix, folder: Path) -> None:
    """Write `folder/{clip name}.wav` for every clip; the folder appears when it is complete.

    It holds the checksums of all files too (`util.checksums`), since a float WAV has none.

    Parameters
    ----------
    source : ClipSource
        Where the recordings are; its description says what they must be like.
    clips : sequence of Clip
        Of one unit.
    mix : Mix
    folder : Path

    Raises
    ------
    UserError
        A recording is damaged or of another length, rate or number of channels than the description
        says; where it says no length, one is not as long as the first. The mix is of channels that
        there are not, or is silent where the recording is not.
    """
    first, sums = None, {}
    with replacing(folder) as part, source.open() as reader:
        for label in {clip.label for clip in clips}:
            (part / label).mkdir(parents=True)
        for clip in clips:
            name = reader.describe(clip.member)
            recording = fitted(decode(reader.read(clip.member), name), source.corpus, name)
            check_mix(mix, recording, name)
            first = first or (len(recording.samples), name)
            check_equal(len(recording.samples), name, *first)
            mixed = apply_mix(mix, recording.samples)
            check_difference(mix, recording.samples, mixed, name)
            written = float_bytes(mixed, recording.sample_rate)
            (part / f"{clip.name}.wav").write_bytes(written)
            sums[f"{clip.name}.wav"] = crc(written)
        write_crcs(sums, part)
