"""Clips are read from the corpus as its mixes would hold them."""

import numpy as np
import pytest

from mimii_bench.audio.mixes import parse_mix
from mimii_bench.audio.unit import write_mix
from mimii_bench.audio.wav import decode
from mimii_bench.corpus.index import read_index, write_index
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.corpus.sources import open_source
from mimii_bench.figures.from_recordings import read
from mimii_bench.util.errors import UserError
from samples import mimii_members, noise, wav_bytes, write_zip


@pytest.fixture
def corpus(tmp_path):
    """A zip of one fan with three normal and two abnormal clips, and its index."""
    names = mimii_members("fan", ["00"], 3, 2)
    members = {name: wav_bytes(noise(seed)) for seed, name in enumerate(names)}
    write_zip(tmp_path / "0_dB_fan.zip", members)
    write_index(open_source(MIMII, tmp_path, "fan", "0dB"), tmp_path / "index.csv")
    return tmp_path


def part(corpus, **changes):
    unit = {"machine": "fan", "snr": "0dB", "id": "00", "title": "fan 00", "mix": "ch0-ch4"}
    return unit | {"index": corpus / "index.csv", "corpus": ["zip", corpus]} | changes


@pytest.mark.parametrize("mix", ["mono", "ch3", "ch0-ch4"])
def test_the_samples_are_those_of_the_mix(corpus, mix):
    source = open_source(MIMII, corpus, "fan", "0dB")
    clips = read_index(corpus / "index.csv", "00")
    write_mix(source, clips, parse_mix(mix), corpus / "mix")
    (waveforms,) = read([part(corpus, mix=mix, clips={"abnormal": 2, "normal": 2})])
    names = ["abnormal/00000000", "abnormal/00000001", "normal/00000000", "normal/00000001"]
    for waveform, name in zip(waveforms, names, strict=True):
        file = corpus / f"mix/{name}.wav"
        np.testing.assert_array_equal(waveform.samples, decode(file.read_bytes(), "").samples[:, 0])
        assert waveform.label == name.split("/")[0]


def test_one_clip_of_each_label_is_the_default(corpus):
    assert [[waveform.label for waveform in row] for row in read([part(corpus)])] == [
        ["normal", "abnormal"]
    ]


def test_a_label_without_clips_is_named(corpus):
    with pytest.raises(UserError, match="fan 02: there is no normal clip to draw"):
        read([part(corpus, id="02", title="fan 02")])
