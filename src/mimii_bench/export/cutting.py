"""Overlapping pieces of a clip whose length is not known, as gathered rows.

Views with strides are not to be had in ONNX. How many pieces there are is computed from the shape,
so that one graph serves clips of every length.
"""

import math

import torch


def pieces(rows: torch.Tensor, size: int, hop: int) -> torch.Tensor:
    """Return the pieces of `size` rows that begin every `hop` rows, and end within the clip.

    Parameters
    ----------
    rows : tensor (row, ...)
        At least `size` of them.
    size, hop : int

    Returns
    -------
    tensor (piece, size, ...)
    """
    # Blocks of rows that no piece cuts: of samples, few long copies instead of many short ones.
    block = math.gcd(size, hop)
    whole = rows.shape[0] // block
    blocks = rows[: whole * block].reshape(whole, block, *rows.shape[1:])
    count = (rows.shape[0] - size) // hop + 1
    starts = torch.arange(count) * (hop // block)
    found = blocks[starts[:, None] + torch.arange(size // block)]
    return found.reshape(count, size, *rows.shape[1:])


def windows(frames: torch.Tensor, size: int) -> torch.Tensor:
    """Return all windows (window, size · bin) of `frames` (frame, bin), as `Contexts` does."""
    return pieces(frames, size, 1).flatten(1)


def covering(frames: torch.Tensor, size: int) -> torch.Tensor:
    """Return the segments (segment, size, ...) that cover `frames`, as `learning.segments` does."""
    count = (frames.shape[0] + size - 1) // size
    last = frames.shape[0] - size
    starts = torch.clamp(torch.arange(count) * size, max=last)
    return frames[starts[:, None] + torch.arange(size)]
