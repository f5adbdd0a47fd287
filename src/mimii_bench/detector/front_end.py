"""The rule by which recordings of any rate, length and number of channels become a system's."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mimii_bench.audio.fitness import check_difference, check_floats
from mimii_bench.audio.levels import Levels
from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.audio.streams import Stream
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import Options

#: Hz: what the features of the reports were made for.
RATE = 16_000
#: soxr's name of the quality: a pass band of 91 %, images 100 dB below.
_QUALITY = "HQ"


class FrontEnd(Options):
    """What recordings must be like, and what is made of them, before a feature hears them.

    Mixes are made of the channels first (`audio.mixes`), then resampled.
    """

    sample_rate: Annotated[
        int,
        Field(
            ge=100,
            le=1_000_000,
            description="What the system hears, in Hz. Recordings of a higher rate are resampled, "
            "those of a lower one refused.",
        ),
    ] = RATE
    channels: Annotated[
        int,
        Field(
            ge=1,
            le=1024,
            description="Of every recording. Those with another number are refused.",
        ),
    ] = 1
    resampler: Annotated[Literal["soxr HQ"], Field(description="What resamples, and how well.")] = (
        "soxr HQ"
    )

    def check(self, stream: Stream) -> None:
        """Raise UserError for a recording that the rule refuses."""
        if stream.channels != self.channels:
            raise UserError(
                f"{stream.name}: {stream.channels} channel(s), and the model learned from "
                f"recordings of {self.channels}; record as then, or fit again on such recordings"
            )
        if stream.sample_rate < self.sample_rate:
            raise UserError(
                f"{stream.name}: sampled at {stream.sample_rate} Hz, and the model hears "
                f"{self.sample_rate} Hz; record at that rate or above, or fit with "
                f"--rate {stream.sample_rate}"
            )

    def heard(self, stream: Stream, mixes: Sequence[str], levels: Levels) -> Iterator[np.ndarray]:
        """Yield what the system hears of a recording, block by block.

        Parameters
        ----------
        stream : Stream
        mixes : sequence of str
        levels : Levels
            Learns how loud the channels are on the way.

        Yields
        ------
        ndarray of float32, shape (mix, sample)
            At `sample_rate`.

        Raises
        ------
        UserError
            A recording that the rule refuses, or whose samples are none.
        """
        self.check(stream)
        blocks = self._mixed(stream, mixes, levels)
        if stream.sample_rate == self.sample_rate:
            yield from blocks
        else:
            yield from self._resampled(blocks, stream.sample_rate, len(mixes))

    def _mixed(self, stream: Stream, mixes: Sequence[str], levels: Levels) -> Iterator[np.ndarray]:
        parsed = [parse_mix(name) for name in mixes]
        for block in stream.blocks:
            if block.dtype != np.int16:
                check_floats(block, stream.name)
            levels.add(block)
            mixed = [apply_mix(mix, block) for mix in parsed]
            for mix, samples in zip(parsed, mixed, strict=True):
                check_difference(mix, block, samples, stream.name)
            yield np.array(mixed)

    def _resampled(
        self, blocks: Iterator[np.ndarray], rate: int, mixes: int
    ) -> Iterator[np.ndarray]:
        import soxr

        resampler = soxr.ResampleStream(
            rate, self.sample_rate, mixes, dtype="float32", quality=_QUALITY
        )
        for block in blocks:
            yield resampler.resample_chunk(np.ascontiguousarray(block.T)).T
        yield resampler.resample_chunk(np.empty((0, mixes), np.float32), last=True).T


def check_alive(levels: Levels, mixes: Sequence[str], name: str) -> None:
    """Raise UserError where a channel that a mix takes hears nothing in a whole recording.

    A dead microphone would otherwise be a machine that is quiet.
    """
    dead = levels.dead
    for mix in map(parse_mix, mixes):
        used = [mix.channel, mix.minus]
        deaf = dead.any() if mix.takes_all else any(dead[c] for c in used if c is not None)
        if deaf:
            which = "silent" if dead.all() else f"channel {_numbers(dead)} is silent"
            raise UserError(f"{name}: {which}; look at the microphone, or leave it out")


def _numbers(dead: np.ndarray) -> str:
    return " ".join(map(str, dead.nonzero()[0].tolist()))
