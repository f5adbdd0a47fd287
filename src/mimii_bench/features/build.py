"""From what a report says of features to the features."""

from mimii_bench.util.plugins import build


def build_feature(description: dict):
    """Return the feature of a description: its `class`, as in `logmel.LogMel`, and its parameters.

    Raises UserError when there is no such class.
    """
    return build("features", description)


def build_features(descriptions: list[dict | None]) -> list:
    """Return the feature of each description, None for None."""
    return [build_feature(given) if given else None for given in descriptions]
