"""Verdicts: the system's own score of a window, recordings of any length, and seconds."""

import numpy as np
import pytest

from detector.sounds import fitted, hum, hums, write
from mimii_bench.audio.wav import decode
from mimii_bench.detector.scoring import Judge, Span, Verdict
from mimii_bench.util.errors import UserError
from samples import wav_bytes


def int16(samples):
    return np.round(samples * 32768).clip(-32768, 32767).astype(np.int16)


def test_of_one_window_it_is_what_the_system_says(detector, recordings):
    path = recordings / "abnormal/00.wav"
    data = path.read_bytes()
    samples = decode(data, "it").samples[:, 0].astype(np.float32) / 32768
    [feature] = detector.features
    expected = detector.system.score([(feature.transform(samples),)])["score"].item()
    verdict = Judge(detector).file(path)
    assert verdict.score == pytest.approx(expected, rel=1e-9)
    assert verdict.anomalous
    assert [window[:2] for window in verdict.windows] == [(0.0, 4.0)]
    of_bytes = Judge(detector).data(data, str(path))
    assert of_bytes == verdict


def test_normal_and_rattling_recordings_are_told_apart(detector):
    judge = Judge(detector)
    good = [judge.data(wav_bytes(int16(hum(seed)))) for seed in range(200, 210)]
    bad = [judge.data(wav_bytes(int16(hum(seed, rattle=1.0)))) for seed in range(200, 210)]
    assert sum(one.anomalous for one in good) <= 2
    assert all(one.anomalous for one in bad)


def test_the_seconds_that_rattle_are_told(detector):
    samples = np.concatenate([hum(300, 9.0), hum(301, 3.0, rattle=3.0), hum(302, 12.0)])
    verdict = Judge(detector).data(wav_bytes(int16(samples)))
    assert len(verdict.windows) == 6
    assert verdict.spans
    begin, end = min(s for s, _ in verdict.spans), max(e for _, e in verdict.spans)
    assert 8.0 <= begin <= 9.5
    assert 11.5 <= end <= 13.0


def test_a_long_recording_is_anomalous_where_enough_windows_are(detector):
    burst = np.concatenate([hum(310, 40.0), hum(311, 4.0, rattle=3.0), hum(312, 36.0)])
    data = wav_bytes(int16(burst))
    verdict = Judge(detector).data(data)
    assert verdict.windows_above >= 1
    assert Judge(detector, any_window=True).data(data).anomalous
    steady = wav_bytes(int16(hum(313, 80.0, rattle=1.0)))
    assert Judge(detector).data(steady).anomalous


@pytest.mark.parametrize("seconds", [3.0, 2.0, 1.0])
def test_a_short_recording_is_judged_in_windows_of_its_own_threshold(detector, seconds):
    judge = Judge(detector)
    bad = judge.data(wav_bytes(int16(hum(320, seconds, rattle=1.0))))
    assert bad.anomalous
    assert bad.threshold in [window.threshold for window in detector.windows[1:]]
    assert "judged in windows of" in bad.remark
    good = [judge.data(wav_bytes(int16(hum(330 + k, seconds)))) for k in range(8)]
    assert sum(one.anomalous for one in good) <= 2


def test_a_recording_that_lacks_a_sample_or_two_has_a_whole_window(detector):
    verdict = Judge(detector).data(wav_bytes(int16(hum(340))[:-3]))
    assert (verdict.threshold, verdict.remark) == (detector.threshold, "")


@pytest.mark.parametrize(
    ("samples", "rate", "reason"),
    [
        (hum(1, 0.2), 16_000, r"lasts 0\.2 s, and the model needs"),
        (hum(1, rate=8000), 8000, "sampled at 8000 Hz"),
        (hum(1, channels=2), 16_000, r"2 channel\(s\)"),
        (hum(1) * 0, 16_000, "it: silent; look at the microphone"),
    ],
)
def test_what_cannot_be_judged_is_told(detector, samples, rate, reason):
    with pytest.raises(UserError, match=reason):
        Judge(detector).data(wav_bytes(int16(samples), rate), "it")


def test_another_rate_changes_a_score_little(detector):
    slow, fast = (
        Judge(detector).data(wav_bytes(int16(tone(rate)), rate)) for rate in (16_000, 48_000)
    )
    assert fast.score == pytest.approx(slow.score, rel=0.15)
    assert (slow.remark, fast.remark) == ("", "sampled at 48000 Hz, learned from 16000 Hz")


def tone(rate):
    """The same sound at any rate: no noise, which another rate would draw anew."""
    time = np.arange(4 * rate) / rate
    parts = [np.sin(2 * np.pi * f * time) / f**0.5 for f in range(100, 7200, 37)]
    return 0.05 * np.sum(parts, axis=0)[:, None]


def test_a_threshold_that_is_given_counts(detector, recordings):
    path = recordings / "abnormal/00.wav"
    assert not Judge(detector, threshold=1e9).file(path).anomalous
    assert Judge(detector, threshold=-1.0).file(recordings / "normal/00.wav").anomalous


def test_a_system_that_tells_no_seconds_tells_windows(tmp_path):
    hums(tmp_path, 4, 4, seconds=2.0)
    detector, _, _ = fitted(tmp_path, system="ims_cnn_learned_sinc", options={"epochs": 1}, folds=2)
    assert detector.trace is None
    assert len(detector.windows) == 1
    path = write(tmp_path / "long.wav", hum(1, 5.0))
    verdict = Judge(detector, threshold=-1.0).file(path)
    assert verdict.spans == [(0.0, 5.0)]
    with pytest.raises(UserError, match="the model needs 2 s"):
        Judge(detector).file(write(tmp_path / "short.wav", hum(1, 1.0)))


def of(windows, trace=(), threshold=1.0, trace_threshold=1.0):
    return Verdict("it", 10.0, 0.0, threshold, windows, list(trace), trace_threshold, "")


@pytest.mark.parametrize(
    ("windows", "trace", "spans"),
    [
        ([Span(0, 4, 0.5)], [], []),
        ([Span(0, 4, 2.0)], [], [(0, 4)]),
        ([Span(0, 4, 2.0), Span(4, 8, 2.0)], [], [(0, 8)]),
        ([Span(0, 4, 2.0)], [Span(1, 2, 3.0), Span(1.5, 2.5, 3.0)], [(1, 2.5)]),
        ([Span(0, 4, 0.5)], [Span(1, 2, 3.0), Span(3, 4, 3.0)], [(1, 2), (3, 4)]),
        ([Span(0, 4, 0.5), Span(4, 8, 2.0)], [Span(1, 2, 3.0)], [(1, 2), (4, 8)]),
        # The last window begins within the one before.
        ([Span(0, 4, 2.0), Span(2, 6, 0.5)], [Span(0.5, 1, 0.1)], [(0, 4)]),
    ],
)
def test_spans_are_pieces_and_windows_without_any(windows, trace, spans):
    assert of(windows, trace).spans == spans
