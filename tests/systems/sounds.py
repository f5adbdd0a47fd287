"""Synthetic clips, and what the tests of several systems do with them."""

import numpy as np

#: A learning rate at which no weight moves, in 32 bits; 0 is not allowed.
STILL = 1e-300


def hums(clips, pitch, seed=0, length=40, bins=8):
    """Clips of structured frames: a ridge that moves over the bins with a period of `pitch`."""
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 2 * np.pi, (clips, 1, 1))
    time, bin = np.arange(length)[:, None], np.arange(bins)
    ridge = np.sin(2 * np.pi * time / pitch + 2 * np.pi * bin / bins + phase)
    return (ridge + rng.normal(0, 0.1, ridge.shape)).astype(np.float32)


def as_clips(*inputs):
    """What a system scores: one tuple per clip."""
    return list(zip(*inputs, strict=True))


def scores_of(system, *inputs):
    """The scores of a system with one score."""
    (scores,) = system.score(as_clips(*inputs)).values()
    return scores


def save(system, folder):
    paths = folder / "model.safetensors", folder / "model.json"
    system.save(*paths)
    return paths


def windows(clip, size=5):
    """All windows of a clip, built one by one, in 64 bits."""
    return np.array([clip[t : t + size].ravel() for t in range(len(clip) - size + 1)], float)


def forward(tensors, prefix, x, eps):
    """Dense layers, each with batch normalisation and ReLU where it has them, in NumPy."""
    get = {name: tensor.astype(float) for name, tensor in tensors.items()}.__getitem__
    layer = 0
    while f"{prefix}{layer}.weight" in tensors:
        x = x @ get(f"{prefix}{layer}.weight").T + get(f"{prefix}{layer}.bias")
        norm = f"{prefix}{layer + 1}"
        if f"{norm}.weight" in tensors:
            spread = np.sqrt(get(f"{norm}.running_var") + eps)
            x = (x - get(f"{norm}.running_mean")) / spread
            x = np.maximum(x * get(f"{norm}.weight") + get(f"{norm}.bias"), 0)
        layer += 3
    return x


def reference_scores(residual, training_residual, bins):
    """Mean square, and both Mahalanobis scores, of the residuals (window, size · bins) of a clip.

    The covariance is NumPy's, of the frames of `training_residual`.
    """
    precision = np.linalg.inv(np.cov(training_residual.reshape(-1, bins).T))
    frames = residual.reshape(-1, bins)
    mean = frames.mean(0)
    return {
        "mse": (residual**2).mean(),
        "mahalanobis": np.mean([frame @ precision @ frame for frame in frames]),
        "mahalanobis_mean_residual": mean @ precision @ mean,
    }
