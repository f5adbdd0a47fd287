"""A detector from outside: it inherits nothing, and has what is demanded and no more."""

import json
from pathlib import Path

import numpy as np


class Loudness:
    """How far the mean level of a clip lies from that of the training clips."""

    def fit(self, frames):
        self.level = float(np.mean(frames))

    def score(self, clips):
        return np.array([abs(frames.mean() - self.level) for (frames,) in clips])

    def save(self, weights, description):
        Path(description).write_text(json.dumps({"level": self.level, "parameters": 1}))

    @classmethod
    def load(cls, weights, description):
        loaded = cls()
        loaded.level = json.loads(Path(description).read_text())["level"]
        return loaded
