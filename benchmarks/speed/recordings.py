"""Recordings that contests work on: noise of the level and slope of real ones."""

import io
import zipfile
from pathlib import Path

import numpy as np
import soundfile

from mimii_bench.corpus.mimii import CHANNELS, SAMPLE_RATE, SAMPLES, archive_name, member_name

#: Different recordings in a zip; more would only make the preparation longer.
DISTINCT = 10
RMS = 380
MACHINE, SNR, ID = "fan", "-6dB", "00"


def recording(rng: np.random.Generator) -> np.ndarray:
    """Return 8 channels of noise that falls by 6 dB an octave, as int16 (sample, channel)."""
    spectrum = np.fft.rfft(rng.normal(size=(CHANNELS, SAMPLES)))
    spectrum /= np.maximum(np.arange(spectrum.shape[1]), 200)
    noise = np.fft.irfft(spectrum).T
    return np.round(noise * RMS / noise.std()).astype(np.int16)


def clip(seed: int = 1) -> np.ndarray:
    """Return one channel of a recording, as float32 (sample,)."""
    return recording(np.random.default_rng(seed))[:, 0].astype(np.float32) / 32768


def wav(samples: np.ndarray) -> bytes:
    """Return a 16-bit WAV of int16 `samples` (sample, channel)."""
    file = io.BytesIO()
    soundfile.write(file, samples, SAMPLE_RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def make_zip(folder: Path, clips: int) -> Path:
    """Write a zip in MIMII's layout, of one unit with so many normal clips; 1.8 MB each."""
    rng = np.random.default_rng(0)
    recordings = [wav(recording(rng)) for _ in range(DISTINCT)]
    path = folder / archive_name(MACHINE, SNR)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(clips):
            name = member_name(MACHINE, ID, "normal", number)
            archive.writestr(name, recordings[number % DISTINCT])
    return path
