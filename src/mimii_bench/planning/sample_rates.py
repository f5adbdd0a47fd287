"""Whether features and systems are for the sample rate of the recordings."""

from collections.abc import Mapping

from mimii_bench.util.errors import UserError
from mimii_bench.util.options import Options
from mimii_bench.util.plugins import load


def check_feature_rate(given: Mapping, rate: int) -> None:
    """Raise a UserError for a feature that recordings of a rate, in Hz, do not allow.

    `given` are its class and options.
    """
    options = {key: value for key, value in given.items() if key != "class"}
    kind = load("features", given["class"])
    if isinstance(getattr(kind, "Options", None), type) and issubclass(kind.Options, Options):
        kind.check_rate(kind.Options(**options), rate)


def check_system_rate(class_name: str, options: Mapping, rate: int) -> None:
    """Raise a UserError for a system that is for another rate, in Hz, than the recordings have."""
    model = getattr(load("systems", class_name), "Options", None)
    declared = getattr(model, "model_fields", {}).get("sample_rate")
    meant = options.get("sample_rate", declared.default) if declared else rate
    if meant != rate:
        raise UserError(f"sample_rate: {meant}, but the recordings have {rate} Hz; write {rate}")
