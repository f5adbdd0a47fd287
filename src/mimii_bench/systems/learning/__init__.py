"""What networks are trained with: the loop, checkpoints, windows, residuals, saving."""
