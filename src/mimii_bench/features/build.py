"""From what a report says of a feature to the feature."""

from collections.abc import Mapping

from mimii_bench.features.base import Feature
from mimii_bench.util.plugins import load


def build_feature(description: Mapping, sample_rate: int) -> Feature:
    """Return the feature of a description, for recordings of a rate.

    Parameters
    ----------
    description : mapping
        The feature's `class`, as in `logmel.LogMel`, and beside it its options.
    sample_rate : int
        Of the recordings, in Hz.

    Raises
    ------
    UserError
        When there is no such class, and for options that it does not take.

    Examples
    --------
    >>> feature = build_feature({"class": "logmel.LogMel", "n_mels": 64}, 16_000)
    >>> feature.frames(160_000), feature.n_bins
    (313, 64)
    """
    options = dict(description)
    return load("features", options.pop("class"))(sample_rate=sample_rate, **options)
