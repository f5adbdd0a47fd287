"""Mean and deviation of every bin of the training clips."""

import numpy as np


def bin_moments(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of every bin.

    Summed in 64 bits and clip by clip, so that no copy of the clips is made.

    Parameters
    ----------
    frames : ndarray (clip, frame, bin)

    Returns
    -------
    mean, deviation : ndarray (bin,)
        A bin that is constant, up to rounding, has deviation 1.
    """
    count = frames.shape[0] * frames.shape[1]
    mean = sum(clip.sum(0, dtype=float) for clip in frames) / count
    squares = sum(np.square(clip - mean).sum(0) for clip in frames)
    deviation = np.sqrt(squares / count)
    return mean, np.where(deviation > 1e-6 * np.abs(mean), deviation, 1.0)
