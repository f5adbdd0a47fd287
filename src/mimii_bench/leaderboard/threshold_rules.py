"""The thresholds whose false alarms the leaderboard counts, as leaderboard.yaml has them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mimii_bench.leaderboard.rules import ThresholdRule
from mimii_bench.reports.class_checks import check_class, without
from mimii_bench.reports.report import with_paths
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import about
from mimii_bench.util.schema import check

#: What is in front of the options of a threshold, in leaderboard.yaml.
_OF_RULE = ("class", "fitted_on")


def load_threshold_rules(path: Path, schema: dict) -> list[ThresholdRule]:
    """Read and check the `calibration` of `leaderboard.yaml`: each threshold at each rate.

    Parameters
    ----------
    path : path
    schema : mapping
        The JSON schema of leaderboard.yaml.

    Raises
    ------
    UserError
        That names the file and what is wrong.
    """
    spec = with_paths(read_yaml(path), path.parent)
    check(spec, schema, str(path))
    given = spec.get("calibration", {"thresholds": {}, "rates": []})
    with about(str(path)):
        return list(_rules(given["thresholds"], given["rates"]))


def _rules(thresholds: Mapping[str, Mapping], rates: Sequence[float]) -> Iterator[ThresholdRule]:
    for name, given in thresholds.items():
        for wanted in rates:
            options = without(given, *_OF_RULE) | {"p": wanted}
            check_class("evaluation", given["class"], f"calibration.thresholds.{name}", options)
            yield ThresholdRule(
                name, {"class": given["class"], **options}, given["fitted_on"], wanted
            )
