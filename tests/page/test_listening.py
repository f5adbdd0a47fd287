"""The section of the listening room."""

import re
from html.parser import HTMLParser

import pytest

from made_up_room import told_of, write_room
from made_up_run import HOSTILE, facts
from mimii_bench.page.given import Given
from mimii_bench.page.listening import _line, section
from mimii_bench.util.errors import UserError


def told(folder, simulated=True, **changed):
    """The facts of a run with one room."""
    return facts(simulated, listening=told_of(write_room(folder, **changed), left_out=["a/b"]))


class Elements(HTMLParser):
    """The attributes of all elements of a kind."""

    def __init__(self, text, kind):
        super().__init__()
        self._kind, self.found = kind, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == self._kind:
            self.found.append(dict(attributes))


def test_each_ratio_has_its_clips_by_reason(tmp_path):
    found = section(Given(told(tmp_path), {}))
    assert [room["snr"] for room in found["rooms"]] == ["-6dB", "6dB"]
    assert found["clips"] == 2
    for number, room in enumerate(found["rooms"]):
        assert len(room["groups"]) == 4
        assert {one["sound"] for group in room["groups"] for one in group["clips"]} == {
            f"listening/some_report/dense_ae/fan/{number}.flac"
        }


def test_files_that_are_named_lie_beside_the_page_and_load_when_asked_for(written, tmp_path):
    text = written(told(tmp_path))
    sounds, pictures = (Elements(text, kind).found for kind in ("audio", "img"))
    assert len(sounds) == len(pictures) == 8
    for one in (*sounds, *pictures):
        assert (tmp_path / one["src"]).is_file()
    assert {one["preload"] for one in sounds} == {"none"}
    assert {one["loading"] for one in pictures} == {"lazy"}


def test_a_clip_says_what_it_is(written, section_of, tmp_path):
    text = section_of(written(told(tmp_path)), "listening")
    assert "Score 12.35 dB²" in text or "Score 12.34 dB²" in text
    assert "rank 3 of 4 test clips of its model, above 1 of 2 normal ones" in text
    assert "the mean squared error of pieces of 0.16 s" in text
    assert "made louder by 6.0 dB" in text
    assert "Asked for and no part of this run: a/b." in text
    assert "threshold" not in text


def test_a_threshold_is_told(written, section_of, tmp_path):
    text = section_of(written(told(tmp_path, threshold=11.0)), "listening")
    assert "above the threshold 11 dB²" in text
    assert "not above" not in text


def test_simulated_sounds_are_called_so_at_every_clip(written, section_of, tmp_path):
    text = section_of(written(told(tmp_path)), "listening")
    assert text.count(">simulated</span>") == 8
    assert "Simulated recordings." in text
    assert "CC BY-SA" not in text


def test_real_sounds_name_their_licence(written, section_of, tmp_path):
    text = section_of(written(told(tmp_path, simulated=False), simulated=False), "listening")
    assert "CC BY-SA 4.0" in text
    assert "Purohit" in text
    assert "imulated" not in text


def test_hostile_names_of_clips_are_text(written, section_of, tmp_path):
    for number, name in enumerate(HOSTILE):
        folder = tmp_path / str(number)
        text = section_of(written(told(folder, clip=name)), "listening")
        pictures = Elements(text, "img").found
        assert all(f"score over time of {name}, id" in one["alt"] for one in pictures)
        assert not re.search(r"<script>alert|<b onmouse|<img src=x", text)


def test_nothing_to_hear_is_said(written, section_of):
    text = section_of(written(facts()), "listening")
    assert "There is nothing to hear" in text
    assert "<form" not in text


def test_an_altered_list_is_refused(tmp_path):
    given = Given(told(tmp_path), {})
    path = next(tmp_path.rglob("listening.json"))
    path.write_text(path.read_text().replace("12.345", "99.9"))
    with pytest.raises(UserError, match=r"listening\.json: it is not as it was written"):
        section(given)


def test_the_line_under_a_spectrogram_is_named():
    told = {"kind": "other", "measure": "", "piece_seconds": 0.5}
    assert "own score 'other' of pieces of 0.5 s" in _line(told)
    assert "there is no line over time" in _line({**told, "piece_seconds": None})
