"""The Fourier transform of real frames as two matrix products.

ONNX has an operator for it, for which onnxruntime takes three times as long (20 ms instead of 6.5
for the power spectra of a clip of 10 s, on one core).
"""

import math

import numpy as np
import torch
from torch import nn

#: Longer matrices than this many rows are not made: a frame has as many samples as a prime number.
_LONGEST = 4096


def transform(window: np.ndarray, dtype: torch.dtype) -> nn.Module:
    """Return the module that multiplies frames by a window (n,) and transforms them.

    It maps frames (n, frame) of that type to two tensors (n // 2 + 1, frame), the real and the
    imaginary parts: with the frames side by side, all that is moved are whole rows.
    """
    rows = _divisor(len(window))
    if len(window) // rows > _LONGEST:
        return Operator(window, dtype)
    return Products(window, rows, dtype)


def _divisor(n: int) -> int:
    """Return the largest divisor of a number that is not above its root."""
    return next(rows for rows in range(math.isqrt(n), 0, -1) if n % rows == 0)


class Operator(nn.Module):
    """By the operator."""

    def __init__(self, window: np.ndarray, dtype: torch.dtype):
        super().__init__()
        self.register_buffer("window", torch.from_numpy(window).to(dtype)[:, None])

    def forward(self, frames: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return real and imaginary parts."""
        parts = torch.view_as_real(torch.fft.rfft(frames * self.window, dim=0))
        return parts[..., 0], parts[..., 1]


class Products(nn.Module):
    """By the factorisation of Cooley and Tukey (1965) into transforms of `rows` and n / rows.

    With n = columns · a + b and k = c + rows · d, the first product sums over a, for each b and c,
    the second over b, for each c and d; what both have in common, exp(-2 pi i b c / n), is in the
    second's matrices. Of c, those up to rows / 2 are enough: the frames are real, and the number at
    k is the conjugate of that at n - k.
    """

    def __init__(self, window: np.ndarray, rows: int, dtype: torch.dtype):
        super().__init__()
        n, columns, kept = len(window), len(window) // rows, rows // 2 + 1
        self._rows, self._columns, self._kept = rows, columns, kept
        a, b, c, d = (np.arange(count) for count in (rows, columns, kept, columns))
        first = _turn(np.outer(c, a), rows)
        second = _turn((c[:, None, None] + rows * d[:, None]) * b, n)
        k = np.arange(n // 2 + 1)
        mirrored = k % rows >= kept
        from_k = np.where(mirrored, n - k, k)
        arrays = {
            "window": window[:, None],
            "first": np.concatenate([first.real, first.imag]),
            "second": np.block([[second.real, -second.imag], [second.imag, second.real]]),
            "sign": np.where(mirrored, -1.0, 1.0)[:, None],
        }
        for name, array in arrays.items():
            self.register_buffer(name, torch.from_numpy(array).to(dtype))
        self.register_buffer(
            "places", torch.from_numpy(from_k % rows * 2 * columns + from_k // rows)
        )

    def forward(self, frames: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return real and imaginary parts."""
        count = frames.shape[1]
        partial = self.first @ (frames * self.window).reshape(self._rows, -1)
        blocks = partial.reshape(2, self._kept, self._columns, count).transpose(0, 1)
        found = self.second @ blocks.reshape(self._kept, 2 * self._columns, count)
        rows = found.reshape(-1, count)
        real, imaginary = (
            rows.index_select(0, self.places + shift) for shift in (0, self._columns)
        )
        return real, imaginary * self.sign


def _turn(steps: np.ndarray, n: int) -> np.ndarray:
    """Return exp(-2 pi i steps / n) of whole numbers, which lose no digits."""
    return np.exp(-2j * np.pi * (steps % n) / n)
