"""What report complex-net's own report.yaml and published.csv say, beside what all reports do."""

import re

import numpy as np
import pytest

from mimii_bench.corpus.mimii import IDS
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.reports.claims import PublishedNumbers, decide
from mimii_bench.reports.counts import CellCounts
from mimii_bench.reports.published import read_cells
from mimii_bench.reports.report import load_report
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.splits.manifests import SplitRow, write_split
from samples import ROOT, read_schema

FOLDER = ROOT / "reports/complex_net"
SPEC = load_report(FOLDER, read_schema("report")).spec
CELLS = read_cells(FOLDER / "published.csv")
SYSTEM = "id_magnitude_deep"


def printed(side):
    """Table II's number for one side of a claim."""
    wanted = {"table": "table_2", "machine": "", **side}
    (cell,) = [c for c in CELLS if c._asdict() | wanted == c._asdict()]
    return float(cell.published)


@pytest.mark.parametrize("claim", SPEC["claims"], ids=lambda claim: claim["claim"])
def test_a_claim_is_what_table_2_says(claim, reproduction):
    evidence = decide(claim, reproduction, PublishedNumbers(CELLS, SPEC))[0].published_evidence
    told = [float(n) for n in re.findall(r"\.\d{4}", evidence)]
    if "greater" in claim:
        assert told == [printed(side) for side in claim["greater"]]
        assert told[0] > told[1]
    else:
        *sides, tolerance = claim["near"]
        assert told == [printed(side) for side in sides]
        assert abs(told[0] - told[1]) < tolerance
        assert f"within {tolerance:.2f}".replace("0.", ".") in claim["claim"]


def test_every_claim_is_of_one_machine_or_the_mean():
    for claim in SPEC["claims"]:
        sides = [side for side in claim.get("greater", claim.get("near"))[:2]]
        machines = {side.get("machine") for side in sides}
        (machine,) = machines
        assert machine is None or machine in claim["claim"], claim["claim"]


@pytest.fixture(scope="module")
def reproduction(tmp_path_factory):
    """Pumps: attention and magnitudes score alike; of 60 normal clips of each id, 3 to 6 mistaken.

    All abnormal clips are taken for another id, which is what the share must not count.
    """
    folders, folder = {}, tmp_path_factory.mktemp("scores")
    for system in ("id_complex_deep_attention", SYSTEM):
        rows, scores, mistaken = [], [], []
        rng = np.random.default_rng(0)
        for place, id in enumerate(IDS):
            for label in ("normal", "abnormal"):
                rows += [
                    SplitRow(f"{label}/{k}", "pump", "-6dB", id, label, "test") for k in range(60)
                ]
                scores += list(rng.gamma(2.0 + 3 * (label == "abnormal"), size=60))
                mistaken += [float(label == "abnormal" or k < 3 + place) for k in range(60)]
        rows += [SplitRow(f"normal/9{id}", "pump", "-6dB", id, "normal", "train") for id in IDS]
        (folder / system).mkdir()
        train = [0.0] * len(IDS)
        write_scores(rows, np.array([*scores, *train]), folder / system / "score.csv")
        write_scores(rows, np.array([*mistaken, *train]), folder / system / "misidentified.csv")
        folders[system] = [[str(folder / system)]]
    return Reproduction(folders, SPEC, replicates=200)


def test_identification_is_the_share_of_normal_test_clips_taken_for_another_id(reproduction):
    cells = [c for c in CELLS if c.table == "identification"]
    assert len(cells) == len(SPEC["systems"]) * 4
    (cell,) = [c for c in cells if (c.machine, c.system) == ("pump", SYSTEM)]
    found = reproduction.estimate(cell)
    assert found.value == pytest.approx((3 + 4 + 5 + 6) / 240)
    assert 0 < found.low < found.value < found.high < 1


def test_no_big_difference_on_the_pump_is_supported_by_equal_systems(reproduction):
    (claim,) = [claim for claim in SPEC["claims"] if "near" in claim]
    (found,) = decide(claim, reproduction, PublishedNumbers(CELLS, SPEC))
    assert found.verdict == "supported (one training)"


def test_the_valve_that_is_drawn_is_counted_and_the_118_of_no_valve_is_not(tmp_path):
    rows = [
        SplitRow(f"{label}/{k}", "valve", "-6dB", id, label, "test")
        for id in IDS
        for label, count in (("normal", 100), ("abnormal", 119 if id == "00" else 120))
        for k in range(count)
    ]
    write_split(rows, tmp_path / "valve.csv")
    counts = CellCounts({}, [tmp_path / "valve.csv"], SPEC["tables"])
    of_valves = [c for c in CELLS if c.table == "figure_4" and c.machine == "valve"]
    found = {(c.id, c.column, c.published): counts.estimate(c) for c in of_valves}
    assert found.pop(("", "normal", "100")) is found.pop(("", "anomalous", "118")) is None
    assert {key: estimate.value for key, estimate in found.items()} == {
        ("00", "normal", ""): 100,
        ("00", "anomalous", ""): 119,
    }
    (shown,) = [m for m in SPEC["figures"]["embeddings"]["models"] if m["machine"] == "valve"]
    assert shown["id"] == "00"
