"""The leaderboard: every system by machine and SNR, and its quality against its cost."""

from collections.abc import Iterator, Mapping
from itertools import product
from statistics import fmean

from mimii_bench.leaderboard.row_names import entry_of
from mimii_bench.page.cost_charts import costs
from mimii_bench.page.given import Given
from mimii_bench.page.heat_map import heat_map
from mimii_bench.page.words import count, duration, fraction, level, number, with_interval

#: The metric of the table and of the pictures.
_METRIC = "auc"


def section(given: Given) -> dict:
    """Return what stands in the section; without a leaderboard, no rows."""
    systems = _systems(given)
    units = [row for row in given.rows("leaderboard_units") if row["metric"] == _METRIC]
    if not systems or not units:
        return {"key": "leaderboard", "title": "Leaderboard", "rows": []}
    known = {one["system"]: one for one in systems}
    machines, snrs = (list(dict.fromkeys(row[field] for row in units)) for field in _PARTS)
    return {
        "key": "leaderboard",
        "title": "Leaderboard",
        "rows": [row for scope in _scopes(machines, snrs) for row in _rows(scope, known, units)],
        "machines": [(machine, machine) for machine in machines],
        "snrs": [(snr, level(snr)) for snr in snrs],
        "units": len({_unit(row) for row in units}),
        "seeds": systems[0]["seeds"],
        "bests": _bests(machines, known, units),
        "real": _real(given),
        "pictures": [heat_map(known, units, given)],
        "costs": costs(known, units, given),
    }


_PARTS = ("machine", "snr")


def _unit(row: Mapping[str, str]) -> tuple[str, ...]:
    return row["machine"], row["snr"], row["id"]


def _systems(given: Given) -> list[dict]:
    """Return the systems in the order of their ranks, with what they cost."""
    times = {row["system"]: row for row in given.rows("leaderboard_times")}
    found = []
    for row in given.rows("leaderboard"):
        took = times.get(entry_of(row["system"]), {})
        found.append(
            row
            | {
                "supervised": row["supervised"].lower() == "true",
                "fit_seconds": number(took.get("fit_seconds", "")),
                "score_seconds": number(took.get("score_seconds", "")),
                "parameters": number(row["parameters"]),
            }
        )
    return found


def _scopes(machines: list[str], snrs: list[str]) -> Iterator[tuple[str, str]]:
    """Yield every choice of a machine and an SNR; nothing is all of them."""
    yield from product(("", *machines), ("", *snrs))


def _rows(
    scope: tuple[str, str], known: Mapping[str, Mapping], units: list[dict[str, str]]
) -> Iterator[dict]:
    """Yield the row of every system in a scope, best first, those that heard anomalies last."""
    machine, snr = scope
    inside = [row for row in units if machine in ("", row["machine"]) and snr in ("", row["snr"])]
    means: dict[str, list[dict[str, str]]] = {}
    for row in inside:
        means.setdefault(row["system"], []).append(row)
    auc = {name: _mean(own) for name, own in means.items() if name in known}
    order = list(known) if scope == ("", "") else sorted(auc, key=lambda name: -auc[name])
    for supervised in (False, True):
        own = [name for name in order if known[name]["supervised"] == supervised and name in auc]
        for name in own:
            place = 1 + sum(auc[other] > auc[name] for other in own)
            yield _row(scope, known[name], means[name], auc[name], place)


def _mean(rows: list[dict[str, str]]) -> float:
    return fmean(float(row["value"]) for row in rows)


def _row(
    scope: tuple[str, str], system: Mapping, rows: list[dict[str, str]], auc: float, place: int
) -> dict:
    everywhere = scope == ("", "")
    bounds = (number(system["auc_low"]), number(system["auc_high"])) if everywhere else (None, None)
    if len(rows) == 1:
        bounds = number(rows[0]["ci_low"]), number(rows[0]["ci_high"])
    return {
        "machine": scope[0],
        "snr": scope[1],
        "system": system["system"],
        "supervised": system["supervised"],
        "rank": int(system["rank"]) if everywhere else place,
        "auc": auc,
        "auc_text": with_interval(auc, *bounds),
        "worst": min(float(row["value"]) for row in rows),
        "worst_text": fraction(min(float(row["value"]) for row in rows)),
        "fit": system["fit_seconds"],
        "fit_text": _time(system["fit_seconds"]),
        "score": system["score_seconds"],
        "score_text": _time(system["score_seconds"]),
        "parameters": system["parameters"],
        "parameters_text": count(system["parameters"]) if system["parameters"] is not None else "",
        "learns_from": system["learns_from"],
    }


def _time(seconds: float | None) -> str:
    return "" if seconds is None else duration(seconds)


def _bests(
    machines: list[str], known: Mapping[str, Mapping], units: list[dict[str, str]]
) -> list[dict]:
    """Return the best row of each machine and kind."""
    found = []
    for machine in machines:
        rows = list(_rows((machine, ""), known, units))
        best = {
            kind: next((row for row in rows if row["supervised"] == supervised), None)
            for kind, supervised in (("unsupervised", False), ("supervised", True))
        }
        found.append({"machine": machine, **best})
    return found


def _real(given: Given) -> dict:
    """Return how many differences of a pair were judged, and how many are real."""
    judged = [row for row in given.rows("leaderboard_differences") if row["real"]]
    return {"judged": len(judged), "real": sum(row["real"].lower() == "true" for row in judged)}
