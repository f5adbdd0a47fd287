"""What the tests of several pictures share: scored clips, and what was drawn."""

import io

import numpy as np
from PIL import Image

from mimii_bench.figures.from_scores import Scored

GAMMA_RULE = {"class": "thresholds.GammaThreshold", "p": 0.1}


def scored(normal=(1.0, 2.0, 3.0), abnormal=(2.5, 4.0), threshold=2.2, title="fan", rule=None):
    """Scores of normal and of abnormal clips."""
    labels = np.array([False] * len(normal) + [True] * len(abnormal))
    return Scored(title, labels, np.array([*normal, *abnormal], float), threshold, rule)


def bars(panel):
    """The filled bars of a panel by the name in its legend: (heights, edges)."""
    return {
        patch.get_label(): (patch.get_data().values, patch.get_data().edges)
        for patch in panel.patches
        if patch.get_label() and not patch.get_label().startswith("_")
    }


def lines(panel):
    """The named lines of a panel: (x, y)."""
    return {
        line.get_label(): (np.asarray(line.get_xdata()), np.asarray(line.get_ydata()))
        for line in panel.lines
        if not line.get_label().startswith("_")
    }


def pixels(path):
    """The colours of a PNG, as an array (row, column, 3)."""
    return np.asarray(Image.open(io.BytesIO(path.read_bytes())).convert("RGB"))
