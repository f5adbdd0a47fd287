"""Features of a clip in memory: against librosa, a convolution per filter, the transforms alone.

librosa 0.11 is called as its documentation shows.
"""

from collections.abc import Iterator

import librosa
import numpy as np
import scipy

from mimii_bench.corpus.mimii import SAMPLE_RATE
from mimii_bench.features.ims import Ims
from mimii_bench.features.logmel import LogMel
from mimii_bench.features.spectrum import ComplexStft
from mimii_bench.features.stft import periodic_window
from speed.contests import Contest, Target, timed
from speed.recordings import clip

N_FFT, HOP = 1024, 512
LOG_MELS = {
    "64 bands": {"n_mels": 64, "padding": "constant"},
    "128 bands": {"n_mels": 128, "padding": "constant"},
    "128 bands, not centred": {"n_mels": 128, "padding": "none"},
}


def frames_of(samples: np.ndarray, centred: bool) -> np.ndarray:
    """Return the windowed frames (frame, sample) of a clip in double precision."""
    padded = np.pad(samples, N_FFT // 2) if centred else samples
    frames = np.lib.stride_tricks.sliding_window_view(padded.astype(float), N_FFT)[::HOP]
    return frames * periodic_window("hann", N_FFT)


def contests() -> Iterator[Contest]:
    """Yield those of log-mel, complex and IMS spectrograms."""
    samples = clip()
    for name, options in LOG_MELS.items():
        yield log_mel(name, options, samples)
    yield complex_stft(samples)
    yield ims(samples)


def log_mel(name: str, options: dict, samples: np.ndarray) -> Contest:
    """Log-mel spectrogram: ours, librosa's, and the transform of ready frames alone."""
    ours = LogMel(sample_rate=SAMPLE_RATE, **options)
    centred = options["padding"] != "none"
    frames = frames_of(samples, centred)
    single = frames.astype(np.float32)

    def by_librosa() -> np.ndarray:
        power = librosa.feature.melspectrogram(
            y=samples,
            sr=SAMPLE_RATE,
            n_fft=N_FFT,
            hop_length=HOP,
            n_mels=options["n_mels"],
            center=centred,
        )
        return 10 * np.log10(power + np.finfo(float).eps)

    np.testing.assert_allclose(ours.transform(samples), by_librosa().T, atol=1e-3)
    runs = {
        "ours": lambda: ours.transform(samples),
        "librosa": by_librosa,
        "the transform alone": lambda: np.fft.rfft(frames),
        "the transform alone, single precision": lambda: scipy.fft.rfft(single),
    }
    return _of_a_clip(
        f"log-mel, {name}",
        runs,
        [
            Target("librosa", "ours", 4, "at least"),
            Target("ours", "the transform alone", 1.6, "at most"),
        ],
    )


def complex_stft(samples: np.ndarray) -> Contest:
    """Complex spectrogram: ours, librosa's, and the transform of ready frames alone."""
    ours = ComplexStft(sample_rate=SAMPLE_RATE)
    frames = frames_of(samples, centred=True)

    def by_librosa() -> np.ndarray:
        return librosa.stft(samples, n_fft=N_FFT, hop_length=HOP)

    np.testing.assert_allclose(ours.transform(samples), by_librosa().T, atol=1e-3)
    runs = {
        "ours": lambda: ours.transform(samples),
        "librosa": by_librosa,
        "the transform alone": lambda: np.fft.rfft(frames),
    }
    return _of_a_clip("complex STFT", runs, [Target("librosa", "ours", 4, "at least")])


def ims(samples: np.ndarray) -> Contest:
    """IMS spectrogram: ours, a direct convolution per filter, and the transforms alone."""
    ours = Ims(sample_rate=SAMPLE_RATE)
    log_mels = LogMel(sample_rate=SAMPLE_RATE, n_mels=128, padding="none", scale=1.0, eps=1e-6)
    window = periodic_window("hann", N_FFT)
    single = frames_of(samples, centred=False).astype(np.float32)

    def directly() -> np.ndarray:
        columns = [log_mels.transform(samples)]
        for taps in ours.filters:
            filtered = np.convolve(samples, taps, mode="same")
            frames = np.lib.stride_tricks.sliding_window_view(filtered, N_FFT)[::HOP]
            columns.append(np.abs(np.fft.rfft(frames * window)).mean(axis=1, keepdims=True))
        return np.concatenate(columns, axis=1)

    def transforms() -> None:
        for _ in ours.filters:
            scipy.fft.rfft(single)

    np.testing.assert_allclose(ours.transform(samples), directly(), rtol=1e-3, atol=1e-4)
    runs = {
        "ours": lambda: ours.transform(samples),
        "a convolution per filter": directly,
        "the transforms of 40 filtered clips alone, single precision": transforms,
    }
    return _of_a_clip(
        "IMS spectrogram",
        runs,
        [
            Target("a convolution per filter", "ours", 5, "at least"),
            Target("ours", "", 20, "at most"),
        ],
        repeat=2,
    )


def _of_a_clip(name: str, works: dict, targets: list[Target], repeat: int = 10) -> Contest:
    runs = {what: timed(work, repeat, 1000) for what, work in works.items()}
    return Contest(name, "ms a clip", runs, targets)
