"""The tables of a small run that never was, for tests of the page: some rows of each."""

import csv
import os
import random
from itertools import product
from pathlib import Path

from mimii_bench.audit.findings import COLUMNS
from mimii_bench.reports import columns

MACHINES, SNRS = ("fan", "valve"), ("-6dB", "6dB")
#: Names that a careless page would take for something else than text.
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "[a link](javascript:alert(3))",
    "=HYPERLINK(A1)",
    "\"><b onmouseover='alert(4)'>",
    "{{ 7 * 7 }}",
)
SYSTEMS = ("dense_ae", "gmm", "knn:nearest", "taught")


def facts(simulated=True, **changed):
    """Return what `planning.page.Page.facts` would of this run."""
    report = {
        "key": "some_report",
        "title": "Some report",
        "source": "Somebody: Something, 2020",
        "authors": "Somebody and Another",
        "year": 2020,
        "story": "They listened. It helped.",
        "tables": {
            "table_1": {"caption": "AUC per machine", "comparable": True, "reason": None},
            "counts": {"caption": "Clips", "comparable": False, "reason": "other clips"},
        },
        "supervised": ["taught"],
        "claims": [
            {"claim": "A beats B", "place": "section 1", "tolerance": None},
            {"claim": "A is as C", "place": "", "tolerance": 0.05},
        ],
        "figures": [],
        "asked_figures": 1,
    }
    found = {
        "corpus": {
            "name": "simulated" if simulated else "mimii",
            "called": "simulated recordings" if simulated else "MIMII recordings",
            "simulated": simulated,
            "seed": 0 if simulated else None,
            "machines": list(MACHINES),
            "snrs": list(SNRS),
            "ids": ["00"],
            "units": 4,
            "normal": 96,
            "abnormal": 32,
            "channels": 8,
            "sample_rate": 16000,
            "seconds": 10.0,
            "own_because": "",
        },
        "budget": {
            "name": "demo",
            "max_steps": 300,
            "seeds": 1,
            "bootstrap": 1000,
            "leaderboard_seeds": 3,
            "device": "auto",
            "threads": 1,
        },
        "reports": [report | changed.pop("report", {})],
        "leaderboard": {"folder": "results", "is_ours": True},
        "listening": {"rooms": [], "places": [], "clips": 2, "left_out": []},
    }
    return found | changed


def files(folder):
    """Return where the tables of this run lie, as `planning.page.Page.files` would."""
    names = ("all", "claims", "missing", "audit")
    further = ("", "_units", "_times", "_differences")
    found = {name: f"{folder}/{name}.csv" for name in names}
    found |= {f"leaderboard{name}": f"{folder}/leaderboard{name}.csv" for name in further}
    return {**found, "benchmarks": f"{folder}/benchmarks"}


def write_run(folder, systems=SYSTEMS, name="some_report", ranked=True, simulated=True):
    """Write all tables and times below a folder, with `name` wherever a person gives a name."""
    paths = files(folder)
    corpus = "simulated" if simulated else "mimii"
    _write(paths["all"], columns.LONG, _numbers(systems, corpus))
    _write(paths["claims"], columns.CLAIMS, _claims(corpus))
    _write(paths["missing"], ("report", "missing"), [("some_report", f"pump/6dB/id_00: {name}")])
    _write(paths["audit"], COLUMNS, _findings(name))
    if ranked:
        _write_leaderboard(paths, systems, corpus)
    for place, (rule, seconds) in enumerate([("fit_and_score", 30.5), ("mix", 0.6), ("page", 2)]):
        _write_times(Path(paths["benchmarks"], rule, f"{place}.tsv"), seconds, place)


def _write(path, header, rows):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _numbers(systems, corpus):
    status = "not_comparable" if corpus == "simulated" else "agrees"
    for system, machine in product(systems, MACHINES):
        at = ("some_report", "table_1", machine, system, machine, "", "", system, "", "auc")
        yield (*at, 0.8714, 0.812, 0.771, 0.853, "", "", 1, corpus, status)
    at = ("some_report", "counts", "test set", "normal", "", "", "", "", "", "clips")
    yield (*at, 2370, 96, "", "", "", "", "", corpus, "not_comparable")
    at = ("some_report", "table_1", "fan", "not ours", "fan", "", "", "other", "", "auc")
    yield (*at, 0.5, "", "", "", "", "", "", "", "published_only")


def _claims(corpus):
    evidence = "0.8100 against 0.7900", "0.8000 against 0.7000"
    told = "{}" if corpus == "mimii" else "not_comparable ({} here, one training)"
    for claim, low, high, verdict in [
        ("A beats B", 0.05, 0.15, "supported"),
        ("A is as C", -0.1, 0.1, "inconclusive"),
        ("B beats C", -0.2, -0.1, "contradicted"),
    ]:
        yield ("some_report", claim, *evidence, low, high, corpus, "demo", told.format(verdict))
    yield ("some_report", "D beats E", evidence[0], "", "", "", corpus, "demo", "not_computed")


def _findings(name):
    for report, kind, what in [
        ("some_report", "fact", "a plain fact"),
        ("some_report", "contradiction", "two numbers contradict each other"),
        ("other_report", "fits", "an explanation fits"),
        ("other_report", "contradiction", name),
    ]:
        yield (report, "table_1", "fan / AUC", "sums", what, "1 + 1 = 3", "", kind)


def _write_leaderboard(paths, systems, corpus):
    random.seed(0)
    ends = ("", "_low", "_high")
    header = ["rank", "system", "supervised", "learns_from", "mean_rank", "rank_low", "rank_high"]
    header += [f"auc{end}" for end in ends]
    header += ["seeds", "units", "parameters", "model_bytes", "corpus"]
    rows, units, times = [], [], []
    for place, system in enumerate(systems, 1):
        taught = system.startswith("taught")
        of_system = [0.95 - place * 0.8 / (len(systems) + 1) + random.uniform(-0.1, 0.1)]
        for machine, snr in product(MACHINES, SNRS):
            auc = min(max(of_system[0] + random.uniform(-0.15, 0.15), 0), 1)
            bounds = max(auc - 0.1, 0), min(auc + 0.1, 1)
            units.append((system, machine, snr, "00", "auc", auc, *bounds, 3, "", ""))
        mean = sum(row[5] for row in units[-4:]) / 4
        facts_of = (3, 4, 100 * 3**place, 400, corpus)
        front = (1 if taught else place, system, taught, "normal clips of the unit")
        rows.append((*front, place, place, place + 1, mean, mean - 0.05, mean + 0.05, *facts_of))
        times.append((system.partition(":")[0], 12, 0.3 * 2**place, 0.002 * place))
    _write(paths["leaderboard"], header, rows)
    unit = ("system", "machine", "snr", "id", "metric", "value", "ci_low", "ci_high")
    _write(paths["leaderboard_units"], (*unit, "seeds", "pi_low", "pi_high"), units)
    _write(
        paths["leaderboard_times"],
        ("system", "trainings", "fit_seconds", "score_seconds"),
        dict.fromkeys(times),
    )
    header = ("better", "worse", "auc_difference", "ci_low", "ci_high", "p", "p_holm")
    pairs = [(systems[0], other, 0.2, 0.1, 0.3, 0.01, 0.02, False, True) for other in systems[1:3]]
    _write(paths["leaderboard_differences"], (*header, "supervised", "real"), pairs)


def _write_times(path, seconds, place):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"s\th:m:s\tmax_rss\tcpu_time\n{seconds}\t0:00:{seconds}\t120.5\t{seconds}\n")
    # The same date in every run of the tests.
    ended = 1_700_000_000 + 60 * place
    os.utime(path, (ended, ended))
