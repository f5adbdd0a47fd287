"""The page of spectrograms: it stands alone, and no name on it is code."""

import base64
import re

import pytest

from detector.sounds import hum, write
from mimii_bench.detector.plots import Pictures
from mimii_bench.detector.scoring import Judge


def page(detector, paths, tmp_path, name=""):
    pictures, judge = Pictures(detector), Judge(detector)
    for path in paths:
        pictures.end(judge.file(path, name, pictures.begin()))
    pictures.write(tmp_path / "page.html")
    return (tmp_path / "page.html").read_text()


def test_it_shows_every_recording_and_fetches_nothing(detector, recordings, tmp_path):
    paths = [recordings / "normal/00.wav", recordings / "abnormal/00.wav"]
    text = page(detector, paths, tmp_path)
    assert re.findall(r'<span class="(\w+)">', text) == ["normal", "anomalous"]
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', text)
    assert [base64.b64decode(one)[:4] for one in pictures] == [b"\x89PNG"] * 2
    assert not re.findall(r"https?:|<script|src=\"(?!data:)", text)


def test_names_are_escaped(detector, recordings, tmp_path):
    name = "<script>alert(1)</script>\"' onload=x.wav"
    text = page(detector, [recordings / "normal/00.wav"], tmp_path, name)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("seconds", [1.5, 4.0, 9.0, 300.0])
def test_the_spectrogram_is_as_long_as_the_recording_and_no_wider_than_a_screen(
    detector, tmp_path, seconds
):
    pictures = Pictures(detector)
    path = write(tmp_path / "it.wav", hum(0, seconds))
    Judge(detector).file(path, "", pictures.begin())
    assert len(pictures._edges) == len(pictures._columns) + 1
    assert pictures._edges[-1] == pytest.approx(seconds)
    assert pictures._edges == sorted(pictures._edges)
    assert len(pictures._columns) <= 1300
