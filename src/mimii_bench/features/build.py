"""From what a report says of a feature to the feature."""

from mimii_bench.plugins import load


def build_feature(description: dict):
    """Return the feature of a description: its `class`, as in `logmel.LogMel`, and its parameters.

    Raises UserError when there is no such class.
    """
    parameters = {key: value for key, value in description.items() if key != "class"}
    return load("features", description["class"])(**parameters)


def build_features(descriptions: list[dict | None]) -> list:
    """Return the feature of each description, None for None."""
    return [build_feature(given) if given else None for given in descriptions]
