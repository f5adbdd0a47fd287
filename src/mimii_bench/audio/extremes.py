"""The smallest and largest sample and the sum of every channel, fast.

NumPy reduces an array of few columns slowly: its inner loop is as long as a row. Many frames are
therefore taken as one row.
"""

import numpy as np

_FRAMES = 128


def lowest(samples: np.ndarray) -> np.ndarray:
    """Return the smallest sample of every channel, of samples (sample, channel); NaN is kept."""
    return _reduced(np.minimum, samples)


def highest(samples: np.ndarray) -> np.ndarray:
    """Return the largest sample of every channel, of samples (sample, channel); NaN is kept."""
    return _reduced(np.maximum, samples)


def total(samples: np.ndarray) -> np.ndarray:
    """Return the sum of every channel, of samples (sample, channel): int64 or float64."""
    return _reduced(np.add, samples, np.int64 if samples.dtype == np.int16 else np.float64)


def _reduced(function: np.ufunc, samples: np.ndarray, dtype: type | None = None) -> np.ndarray:
    whole = len(samples) - len(samples) % _FRAMES
    wide = samples[:whole].reshape(-1, _FRAMES * samples.shape[1])
    rows = [samples[whole:]]
    if whole:
        folded = function.reduce(wide, axis=0, dtype=dtype)
        rows.append(folded.reshape(_FRAMES, samples.shape[1]))
    return function.reduce(np.concatenate(rows), axis=0, dtype=dtype)
