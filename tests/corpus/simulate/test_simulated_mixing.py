"""The signal-to-noise ratio, recovered from the written clips."""

import io
import zipfile

import numpy as np
import pytest
import soundfile

from mimii_bench.corpus.simulate import mixing
from mimii_bench.corpus.simulate.bank import Bank
from mimii_bench.corpus.simulate.recording import Model

CLIPS = [("normal", 0), ("normal", 1), ("abnormal", 0)]


@pytest.fixture(scope="module")
def model(bank_path):
    with Bank(bank_path) as bank:
        return Model("pump", "06", bank.responses("pump", "06"), seed=11)


def written(path, label, number):
    with zipfile.ZipFile(path) as archive:
        data = archive.read(f"pump/id_06/{label}/{number:08d}.wav")
    return soundfile.read(io.BytesIO(data), dtype="int16")[0].T.astype(float)


@pytest.mark.parametrize("snr", ["-6dB", "0dB", "6dB"])
def test_noise_in_the_zip_has_the_papers_ratio(model, pump_archives, snr):
    recordings = {clip: model.recording(*clip).astype(float) for clip in CLIPS}
    a = np.mean([np.mean(recording**2) for recording in recordings.values()])
    for clip, recording in recordings.items():
        noise = written(pump_archives[snr], *clip) - recording
        ratio = 10 * np.log10(a / np.mean(noise**2))
        assert ratio == pytest.approx(float(snr.removesuffix("dB")), abs=0.1)


def test_clip_is_recording_plus_background_rounded(model, pump_archives, bank_path):
    average = mixing.average_power(model, CLIPS)
    with Bank(bank_path) as bank:
        noise = mixing.background(bank, model, "normal", 1, "0dB", average)
    mix = model.recording("normal", 1) + noise
    assert np.abs(written(pump_archives["0dB"], "normal", 1) - mix).max() <= 0.5 + 1e-3


def test_the_same_recording_has_other_noise_at_each_ratio(model, pump_archives):
    recording = model.recording("normal", 0)
    noises = [written(path, "normal", 0) - recording for path in pump_archives.values()]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        correlation = np.corrcoef(noises[one][0], noises[other][0])[0, 1]
        assert abs(correlation) < 0.3


def test_a_clip_that_would_clip_is_refused():
    with pytest.raises(ValueError, match="16 bits"):
        mixing.quantise(np.array([[40_000.0]]))
