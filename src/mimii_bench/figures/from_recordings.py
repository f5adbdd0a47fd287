"""Clips straight from the corpus, mixed to one channel.

Not from the folders of mixed clips, which a real run deletes once their features are made: a
picture of two clips must not write a thousand again.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.audio.wav import decode
from mimii_bench.corpus.index import read_index
from mimii_bench.corpus.location import described
from mimii_bench.corpus.sources import open_source
from mimii_bench.figures.clips import DEFAULT, first_of_each


class Waveform(NamedTuple):
    """One clip: float32 `samples` of shape (sample,)."""

    title: str
    label: str
    samples: np.ndarray
    sample_rate: int


def read(parts: Iterable[Mapping]) -> list[list[Waveform]]:
    """Return the clips of each part.

    Parameters
    ----------
    parts : iterable of mapping
        `machine`, `snr`, `id` and `mix`; the `index` of the clips, a path; `corpus`, the
        reference of its description and the folder that holds them; `title`; and perhaps `clips`,
        how many of each label.

    Raises
    ------
    UserError
        Where there is no clip of a label.
    """
    return [list(_read_part(part)) for part in parts]


def _read_part(part: Mapping) -> Iterable[Waveform]:
    mix = parse_mix(part["mix"])
    clips = read_index(part["index"], part["id"])
    reference, folder = part["corpus"]
    source = open_source(described(reference), folder, part["machine"], part["snr"])
    with source.open() as reader:
        for clip in first_of_each(clips, part.get("clips", DEFAULT), part["title"]):
            recording = decode(reader.read(clip.member), clip.member)
            samples = apply_mix(mix, recording.samples)
            yield Waveform(part["title"], clip.label, samples, recording.sample_rate)
