"""A detector for one's own machine: front end, system, thresholds, and where they come from.

A model is a folder (`files`): plain tensors, a description as JSON, the recordings that it learned
from, checksums, and a card to read. `fitting` makes one of a folder of recordings, `scoring` judges
recordings by it.
"""

#: The system for who names none: it costs nothing, and docs/own-machine.md has what it found.
DEFAULT_SYSTEM = "knn_mean_max"
