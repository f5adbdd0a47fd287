"""What a training says of itself while it runs, to the log of whoever runs it."""

import logging
import math
import time
from collections.abc import Callable

_LOG = logging.getLogger(__name__)
#: Seconds between two lines, at least.
EVERY = 5.0


class Telling:
    """Tells how far a training is: a line every few seconds, and one at its end.

    Parameters
    ----------
    epochs : int
        How many there are at most.
    max_steps : int, optional
        After which training ends, if need be in an epoch.
    clock : callable
        Of time, in seconds; tests have their own.
    """

    def __init__(
        self, epochs: int, max_steps: int | None, clock: Callable[[], float] = time.monotonic
    ):
        self._epochs, self._max_steps, self._clock = epochs, max_steps, clock
        self._last, self._losses = clock(), ""

    def step(self, epoch: int, steps: int) -> None:
        """Note that so many steps were taken, the last of them in this epoch."""
        if self._clock() - self._last >= EVERY:
            self._last = self._clock()
            _LOG.info("%s%s", self._place(epoch, steps), self._losses)

    def epoch(self, epoch: int, loss: float, validation_loss: float, steps: int) -> None:
        """Note that an epoch ended, with its losses."""
        watched = "" if math.isnan(validation_loss) else f", validation loss {validation_loss:.4g}"
        self._losses = f", loss {loss:.4g}{watched}"
        self.step(epoch, steps)

    def end(self, epoch: int, steps: int) -> None:
        """Note that training ended."""
        _LOG.info("trained: %s%s", self._place(epoch, steps), self._losses)

    def _place(self, epoch: int, steps: int) -> str:
        of = f" of {self._max_steps}" if self._max_steps else ""
        return f"epoch {epoch} of {self._epochs}, step {steps}{of}"
