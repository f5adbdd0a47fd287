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
    """Raise a UserError for a system that is said to be for another rate than the recordings have.

    Parameters
    ----------
    class_name : str
    options : mapping
        As a report gives them.
    rate : int
        Of the recordings, in Hz.
    """
    meant = options.get("sample_rate", rate) if _declares_rate(class_name) else rate
    if meant != rate:
        raise UserError(f"sample_rate: {meant}, but the recordings have {rate} Hz; write {rate}")


def at_rate(class_name: str, options: Mapping, rate: int) -> Mapping:
    """Return the options of a system for recordings of a rate, in Hz, where it has to know it.

    Where nobody gives it, it is that of the recordings, and left to the default where that is it.
    """
    if "sample_rate" in options or not _declares_rate(class_name):
        return options
    default = load("systems", class_name).Options.model_fields["sample_rate"].default
    return options if default == rate else {**options, "sample_rate": rate}


def _declares_rate(class_name: str) -> bool:
    model = getattr(load("systems", class_name), "Options", None)
    return "sample_rate" in getattr(model, "model_fields", {})
