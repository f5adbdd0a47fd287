"""The table of what is odd in a unit's recordings."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from mimii_bench.audio.quality import (
    Quality,
    digest_of,
    measure,
    write_quality,
    write_summary,
)
from mimii_bench.audio.wav import Recording, decode
from mimii_bench.corpus.base import Clip, Corpus, Unit
from mimii_bench.corpus.sources import open_source
from mimii_bench.util.errors import UserError
from samples import wav_bytes

LENGTH = 4000
CORPUS = Corpus("gears", "folder", channels=3, sample_rate=16_000, samples=LENGTH)
UNIT = Unit("gearbox", "any", "a")
CLIP = Clip("normal/1", "a", "normal", "", "")
SOUND = np.random.default_rng(0).normal(0, 300, (LENGTH, 3)).astype(np.int16)
FLOAT = SOUND / np.float32(32768)


def of(samples):
    return measure(Recording(samples, 16_000, "PCM_16"), CLIP)


def test_a_recording_in_order_has_no_remark():
    found = of(SOUND)
    assert found.peak == pytest.approx(np.abs(SOUND.astype(int)).max() / 32768, abs=1e-6)
    means = SOUND.mean(axis=0) / 32768
    assert found.dc_offset == pytest.approx(means[np.abs(means).argmax()], abs=1e-6)
    assert found[5:9] == (0.0, "", "", "")
    assert (found.duplicate_of, found.remark) == ("", "")


def with_channel(channel, values):
    samples = SOUND.copy()
    samples[:, channel] = values
    return samples


@pytest.mark.parametrize(
    ("samples", "facts", "remark"),
    [
        (SOUND * 0, {"silent": "yes", "dead_channels": "0 1 2", "peak": 0}, "silent"),
        (SOUND * 0 + 5, {"silent": "yes", "digest": ""}, "silent"),
        (np.sign(SOUND), {"silent": "yes"}, "silent"),
        (FLOAT / 32768, {"silent": "yes"}, "silent"),
        (with_channel(1, 0), {"silent": "", "dead_channels": "1"}, "dead channel 1"),
        (with_channel(0, 20_000), {"dead_channels": "0"}, "dead channel 0"),
        (with_channel(2, SOUND[:, 0]), {"equal_channels": "0=2"}, "equal channels 0=2"),
        (np.where(SOUND > 0, 32767, -32768).astype(np.int16), {"clipped": 1.0}, "100% clipped"),
        (np.sign(FLOAT) + (FLOAT == 0), {"clipped": 1.0, "peak": 1.0}, "100% clipped"),
        (np.clip(SOUND * 300.0, -32767, 32767).astype(np.int16), {}, "clipped"),
        (np.clip(SOUND, -90, 90), {"clipped": 0.0}, "flat at its extremes"),
        (with_channel(1, np.clip(SOUND[:, 1], -90, 90)), {}, "flat at its extremes"),
        (FLOAT * 80, {}, "beyond full scale"),
        (SOUND + 6000, {}, "offset 0.183"),
        (with_channel(2, SOUND[:, 2] // 10 - 90), {}, "offset -0.00"),
    ],
)
def test_what_is_odd_is_remarked(samples, facts, remark):
    found = of(samples)._asdict()
    assert remark in found["remark"]
    assert {key: found[key] for key in facts} == facts


@pytest.mark.parametrize(
    ("subtype", "format"), [("FLOAT", "WAV"), ("PCM_24", "WAV"), ("PCM_16", "FLAC")]
)
def test_the_same_samples_have_one_digest_however_they_are_encoded(subtype, format):
    data = wav_bytes(FLOAT, subtype=subtype, format=format)
    assert digest_of(decode(data, "").samples) == digest_of(SOUND)


@pytest.mark.parametrize(
    "other", [SOUND[::-1], SOUND.T.reshape(LENGTH, 3), SOUND[:, :2], SOUND[1:], FLOAT * 0.3]
)
def test_other_samples_have_another(other):
    assert digest_of(other) != digest_of(SOUND)


def source(folder, clips):
    for name, data in clips.items():
        path = folder / f"gearbox/id_a/{name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else wav_bytes(data))
    return open_source(CORPUS, folder, "gearbox", "any")


def written(folder, clips):
    """Return the rows of the table of some clips, and what is said."""
    given = source(folder, clips)
    said = write_quality(given, UNIT, given.clips(), folder / "q.csv")
    with (folder / "q.csv").open() as file:
        return list(csv.DictReader(file)), said


def test_a_unit_in_order_is_listed_and_nothing_is_said(tmp_path):
    rows, said = written(tmp_path, {"normal/1.wav": SOUND, "abnormal/1.wav": SOUND[::-1]})
    assert list(rows[0]) == list(Quality._fields)
    assert [row["clip"] for row in rows] == ["abnormal/1", "normal/1"]
    assert [row["encoding"] for row in rows] == ["PCM_16"] * 2
    assert said == []


def test_what_is_odd_is_named_in_one_line(tmp_path):
    clips = {f"normal/{n}.wav": SOUND * 0 for n in range(5)}
    rows, said = written(tmp_path, {**clips, "abnormal/1.wav": SOUND})
    assert [row["silent"] for row in rows] == ["", *["yes"] * 5]
    (line,) = said
    assert line.startswith("gearbox/any/id_a: used, but normal/0: silent | ")
    assert line.endswith(f"2 more; see {tmp_path}/q.csv")


def test_a_copy_is_named_and_silence_is_no_copy_of_silence(tmp_path):
    clips = {"normal/1.wav": SOUND, "normal/2.wav": SOUND[::-1]}
    clips |= {"normal/3.WAV": wav_bytes(FLOAT, subtype="FLOAT")}
    clips |= {f"{label}/9.wav": SOUND * 0 for label in ("normal", "abnormal")}
    rows, said = written(tmp_path, clips)
    assert {r["clip"]: r["duplicate_of"] for r in rows if r["duplicate_of"]} == {
        "normal/3": "normal/1"
    }
    assert "normal/3: copy of normal/1" in said[0]


def test_encodings_that_differ_are_said(tmp_path):
    clips = {"normal/1.wav": SOUND, "abnormal/1.wav": wav_bytes(FLOAT[::-1], subtype="FLOAT")}
    _, (said,) = written(tmp_path, clips)
    assert "encodings differ, 1 abnormal in FLOAT, 1 normal in PCM_16" in said


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (wav_bytes(FLOAT), r"normal/1.wav has the same samples as .*abnormal/0.wav, under another"),
        (wav_bytes(FLOAT * 1700, subtype="FLOAT"), r"normal/1.wav: a sample is [\d.]+, and"),
        (
            wav_bytes(np.full_like(FLOAT, np.inf), subtype="FLOAT"),
            "normal/1.wav: some samples are no numbers",
        ),
        (wav_bytes(SOUND[:, :1]), r"normal/1.wav: 1 channel\(s\), not 3"),
        (wav_bytes(SOUND[:0]), r"normal/1.wav: 0 samples, not 4000"),
    ],
)
def test_what_no_mix_can_be_made_of_is_refused_and_no_table_stays(tmp_path, data, reason):
    with pytest.raises(UserError, match=reason):
        written(tmp_path, {"abnormal/0.wav": SOUND, "normal/1.wav": data})
    assert not (tmp_path / "q.csv").exists()


def test_the_summary_counts_and_names_what_lies_in_two_units(tmp_path):
    units = {Unit("gearbox", "any", id): tmp_path / id / "q.csv" for id in "abc"}
    clips = {"normal/1.wav": SOUND, "normal/2.wav": SOUND * 0, "abnormal/1.wav": SOUND[::-1]}
    written(tmp_path / "a", clips)
    written(tmp_path / "b", {**clips, "normal/9.wav": SOUND, "normal/1.wav": SOUND // 2})
    written(tmp_path / "c", {"normal/1.wav": SOUND // 3})
    (line,) = write_summary(units, tmp_path / "all.csv")
    assert line == (
        "the same samples in two units: gearbox/any/id_b/abnormal/1 and "
        f"gearbox/any/id_a/abnormal/1 and 1 more; see {tmp_path}/all.csv"
    )
    with (tmp_path / "all.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["clips"], row["silent"], row["in_another_unit"]) for row in rows] == [
        ("a", "3", "1", "0"),
        ("b", "4", "1", "2"),
        ("c", "1", "0", "0"),
    ]
    assert write_summary({UNIT: units[UNIT]}, tmp_path / "one.csv") == []


LONG = np.random.default_rng(1).normal(0, 300, (3 * 4096, 3)).astype(np.int16)


def scaled(factor):
    return np.rint(LONG * factor).astype(np.int16)


@pytest.fixture
def long_clips(monkeypatch):
    monkeypatch.setitem(globals(), "CORPUS", replace(CORPUS, samples=len(LONG)))


@pytest.mark.usefixtures("long_clips")
@pytest.mark.parametrize(
    ("samples", "how"),
    [
        (scaled(0.5), "times 0.5, 0 samples later"),
        (scaled(7), "times 7, 0 samples later"),
        (scaled(-0.25), "times -0.25, 0 samples later"),
        (np.roll(LONG, 37, axis=0), "times 1, 37 samples later"),
        (np.roll(scaled(0.1), -5, axis=0), "times 0.1, 5 samples earlier"),
    ],
)
def test_a_copy_at_another_level_or_moment_is_named_and_shares_the_digest(samples, how, tmp_path):
    other = np.random.default_rng(2).normal(0, 300, LONG.shape).astype(np.int16)
    clips = {"normal/1.wav": LONG, "normal/2.wav": samples, "normal/3.wav": other}
    (one, copy, third), (line,) = written(tmp_path, clips)
    assert copy["duplicate_of"] == "normal/1"
    assert copy["digest"] == one["digest"] != third["digest"]
    assert third["duplicate_of"] == ""
    assert f"copy of normal/1, {how}" in line


@pytest.mark.usefixtures("long_clips")
def test_a_copy_of_a_copy_is_one_of_the_first(tmp_path):
    clips = {"normal/1.wav": LONG, "normal/2.wav": LONG, "normal/3.wav": scaled(2)}
    rows, _ = written(tmp_path, clips)
    assert [row["duplicate_of"] for row in rows] == ["", "normal/1", "normal/1"]
    assert len({row["digest"] for row in rows}) == 1


@pytest.mark.usefixtures("long_clips")
def test_a_scaled_copy_of_the_other_label_is_named_and_keeps_its_digest(tmp_path):
    rows, (line,) = written(tmp_path, {"abnormal/1.wav": LONG, "normal/1.wav": scaled(0.5)})
    assert "normal/1: copy of abnormal/1, times 0.5" in line
    assert rows[0]["digest"] != rows[1]["digest"]


@pytest.mark.usefixtures("long_clips")
def test_silence_with_a_click_of_one_step_is_no_copy_of_the_like(tmp_path):
    still = [np.zeros_like(LONG) for _ in range(2)]
    still[0][5000, 0] = still[1][7000, 0] = 1
    rows, _ = written(tmp_path, {f"normal/{n}.wav": one for n, one in enumerate(still)})
    assert [row["duplicate_of"] for row in rows] == ["", ""]
