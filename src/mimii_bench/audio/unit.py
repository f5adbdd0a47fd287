"""One mix of one unit: from the source's recordings to a folder of one-channel WAVs."""

from collections.abc import Sequence
from pathlib import Path

from mimii_bench.audio.mixes import Mix
from mimii_bench.audio.sounds import in_one_mix
from mimii_bench.audio.wav import float_bytes
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
    clips : sequence of Clip
        Of one unit.
    mix : Mix
    folder : Path

    Raises
    ------
    UserError
        As `sounds.in_source` does.
    """
    sums = {}
    with replacing(folder) as part:
        for label in {clip.label for clip in clips}:
            (part / label).mkdir(parents=True)
        for sound in in_one_mix(source, clips, mix):
            written = float_bytes(sound.samples, sound.sample_rate)
            (part / f"{sound.clip}.wav").write_bytes(written)
            sums[f"{sound.clip}.wav"] = crc(written)
        write_crcs(sums, part)
