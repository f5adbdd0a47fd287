"""The front end against a public table of log-mel statistics of the same real recordings.

The table (../shared/data/fan_features) is not in the baseline's bands: it has 64 unit-area bands on
the HTK mel scale, a Hann window divided by its sum, no padding, the one-sided power spectrum,
the mean of the channels and log10: the defaults of MATLAB's audioFeatureExtractor. With those
parameters it is ours to the rounding of its four decimals.
"""

import numpy as np
import pandas as pd
import pytest
import soundfile

from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.features.logmel import LogMel
from mimii_bench.features.mel import hz_to_mel, mel_to_hz

BANDS = [f"mean_{band:02d}" for band in range(1, 65)]
TABLE = LogMel(
    sample_rate=16_000,
    n_mels=64,
    padding="none",
    window_norm=True,
    one_sided=True,
    mel_scale="htk",
    scale=1.0,
    eps=1e-20,
)
BASELINE = LogMel(sample_rate=16_000, n_mels=64, padding="reflect")


@pytest.fixture(scope="module")
def clips_and_rows(real_recordings):
    """The mono mix of every real fan clip, and its row of the public table."""
    pairs = list(read_clips_and_rows(real_recordings))
    assert len(pairs) == 52
    return pairs


def read_clips_and_rows(recordings):
    for unit in sorted(recordings.glob("mimii/*/fan/id_*")):
        snr, id = unit.parts[-3], unit.name
        rows = pd.read_csv(recordings / f"fan_features/{snr}_{id}.csv.gz")
        rows = rows.set_index(["label", "clip"])[BANDS]
        for clip in sorted(unit.rglob("*.flac")):
            samples, _ = soundfile.read(clip, dtype="int16")
            mono = apply_mix(parse_mix("mono"), samples)
            yield mono, rows.loc[(clip.parent.name, f"{clip.stem}.wav")].to_numpy(float)


def test_time_means_equal_the_public_table(clips_and_rows):
    for mono, row in clips_and_rows:
        ours = TABLE.transform(mono).mean(axis=0, dtype=float)
        assert np.corrcoef(ours, row)[0, 1] > 0.99
        assert np.abs(ours - row).max() < 2e-4


def test_the_baseline_s_bands_say_the_same_once_brought_to_one_layout(clips_and_rows):
    """Both sets of bands have unit area, so each is a density over Hz: interpolate and compare."""
    centres = [band_centres(scale) for scale in ("htk", "slaney")]
    for mono, row in clips_and_rows:
        ours = BASELINE.transform(mono).mean(axis=0, dtype=float)
        assert np.corrcoef(np.interp(centres[0], centres[1], ours), row)[0, 1] > 0.99


def band_centres(scale):
    return mel_to_hz(np.linspace(0, hz_to_mel(8000, scale), 66)[1:-1], scale)
