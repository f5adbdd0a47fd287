"""Synthetic clips, and what the tests of several systems do with them."""

import numpy as np


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
    """Dense layers, each but perhaps the last with batch normalisation and ReLU, in NumPy."""
    numbers = sorted(
        int(name.removeprefix(prefix).split(".")[0])
        for name in tensors
        if name.startswith(prefix) and name.endswith(".weight") and tensors[name].ndim == 2
    )
    for k in numbers:
        layer = {
            name.removeprefix(f"{prefix}{j}."): tensor.astype(float)
            for j in (k + 1, k)
            for name, tensor in tensors.items()
            if name.startswith(f"{prefix}{j}.")
        }
        norm = {n: t.astype(float) for n, t in tensors.items() if n.startswith(f"{prefix}{k + 1}.")}
        x = x @ layer["weight"].T + layer["bias"]
        if norm:
            scale, shift, mean, var = (
                norm[f"{prefix}{k + 1}.{name}"]
                for name in ("weight", "bias", "running_mean", "running_var")
            )
            x = np.maximum((x - mean) / np.sqrt(var + eps) * scale + shift, 0)
    return x
