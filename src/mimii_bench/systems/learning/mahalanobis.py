"""Mahalanobis scores of residuals (what a network failed to reconstruct), frame by frame.

Two quantities go by that name. With delta_t the residual of frame t of T, and P the inverse
covariance of the residuals of normal frames:

- `mahalanobis` is a mean of one distance per frame [ours: papers write Mahalanobis(x, x^, P) and
  do not say how the frames of a clip become one number]: (1 / T) sum_t delta_t' P delta_t
- `mahalanobis_mean_residual` is what the released code of the DCASE 2023 Task 2 baseline computes:
  the mean of delta_s' P delta_t over all pairs of frames, cross terms included, which is the
  quadratic form of the mean residual, m' P m with m = (1 / T) sum_t delta_t.

All sums are taken in 64 bits.
"""

import torch

from mimii_bench.util.errors import UserError

#: Eigenvalues below this share of the largest one are the rounding of 32-bit residuals.
ROUNDING = 1e-12


class RunningCovariance:
    """Covariance of rows that arrive in chunks, in one pass and without keeping any.

    Means and centred products of the chunks are merged as by Chan, Golub and LeVeque (1979): the
    plain sum of products would cancel where the mean is large against the deviations.

    Attributes
    ----------
    count : int
        Rows so far.
    """

    def __init__(self, bins: int, device: torch.device | str = "cpu"):
        self.count = 0
        self._mean = torch.zeros(bins, dtype=torch.float64, device=device)
        self._scatter = torch.zeros(bins, bins, dtype=torch.float64, device=device)

    def add(self, rows: torch.Tensor) -> None:
        """Take in `rows`, of shape (row, bin)."""
        rows = rows.double()
        mean = rows.mean(0)
        centred = rows - mean
        step = mean - self._mean
        total = self.count + len(rows)
        self._scatter += centred.T @ centred
        self._scatter += torch.outer(step, step) * (self.count * len(rows) / total)
        self._mean += step * (len(rows) / total)
        self.count = total

    def covariance(self) -> torch.Tensor:
        """Return the unbiased covariance (bin, bin) of all rows."""
        return self._scatter / (self.count - 1)


def inverse_covariance(covariance: torch.Tensor, ridge: float = 0.0) -> torch.Tensor:
    """Return the inverse of a covariance by its Cholesky factor.

    Parameters
    ----------
    covariance : tensor (bin, bin)
    ridge : float
        So many times the mean variance is added to the diagonal.

    Returns
    -------
    tensor (bin, bin)

    Raises
    ------
    UserError
        When it is singular: its smallest eigenvalue is below `ROUNDING` of the largest one.
    """
    bins = len(covariance)
    regular = covariance + ridge * covariance.trace() / bins * torch.eye(bins).to(covariance)
    eigenvalues = torch.linalg.eigvalsh(regular)
    if not eigenvalues[0] > ROUNDING * eigenvalues[-1]:
        kept = int((eigenvalues > ROUNDING * eigenvalues[-1]).sum())
        raise UserError(
            f"the covariance of the residuals is singular: of {bins} bins, {kept} are independent "
            "in the training clips (too few clips, or bins that never change); "
            "train on more clips, or give the system the option ridge: 1.0e-6"
        )
    return torch.cholesky_inverse(torch.linalg.cholesky(regular))


def mahalanobis(residual: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    """Return the mean over frames of each frame's squared distance, a tensor of no dimension.

    Parameters
    ----------
    residual : tensor (frame, bin)
    inverse : tensor (bin, bin)
        Inverse covariance.
    """
    residual = residual.to(inverse)
    return ((residual @ inverse) * residual).sum(1).mean()


def mahalanobis_mean_residual(residual: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    """Return the squared distance of the mean frame of `residual`, of shape (frame, bin)."""
    mean = residual.to(inverse).mean(0)
    return mean @ inverse @ mean
