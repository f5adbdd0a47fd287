"""The proof that a file scores as its detector does: both on the same clips."""

from collections.abc import Sequence

import numpy as np

from mimii_bench.detector.detector import Detector
from mimii_bench.export.detector_module import (
    FromFrames,
    FromSamples,
    frames_of,
)


def session_of(model: bytes | str):
    """Return a session of onnxruntime of a file or its bytes, on one thread, as our jobs have."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def relative(found: Sequence[float], wanted: Sequence[float]) -> float:
    """Return the largest difference of scores of the same clips, relative to the wanted ones' mean.

    To that of their magnitudes, not to each score: distances from a boundary are 0 on it. It is NaN
    where a score is.
    """
    differences = np.abs(np.subtract(found, wanted))
    return float(differences.max() / max(np.abs(wanted).mean(), 1e-12))


def our_score(detector: Detector, samples: np.ndarray) -> float:
    """Return the score of a clip (channel, sample) by the detector itself; of its first id."""
    inputs = frames_of(detector, samples)
    system = detector.system
    id = (system.ids[0],) if system.learns == "id" else ()
    return float(system.score([(*inputs, *id)])[detector.kind][0])


def inputs_of(detector: Detector, module: FromFrames, samples: np.ndarray) -> dict[str, np.ndarray]:
    """Return what a graph is given for a clip (channel, sample), by the names of its inputs."""
    if isinstance(module, FromSamples):
        given = {"samples": samples}
    else:
        frames = frames_of(detector, samples)
        given = {f"frames_{place}": _real(one) for place, one in enumerate(frames)}
    return given | ({"id": np.array(0)} if module.takes_id else {})


def _real(frames: np.ndarray) -> np.ndarray:
    """Return complex frames as pairs, real ones as they are."""
    return frames.view(np.float32).reshape(*frames.shape, 2) if np.iscomplexobj(frames) else frames


def noise_for(detector: Detector, length: int) -> np.ndarray:
    """Return noise of so many samples, as float32 (channel, sample)."""
    rng = np.random.default_rng(0)
    return rng.normal(0, 0.1, (detector.front_end.channels, length)).astype(np.float32)
