"""What report complex-net's own report.yaml and published.csv say, beside what all reports do."""

import csv
import re
from collections import Counter
from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from mimii_bench.corpus.mimii import IDS, MACHINES
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.reports.claims import PublishedNumbers, decide
from mimii_bench.reports.counts import CellCounts
from mimii_bench.reports.published import read_cells
from mimii_bench.reports.report import load_report
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.splits.manifests import SplitRow, write_split
from mimii_bench.systems.id_classifier import IdClassifier
from mimii_bench.systems.networks.complex_layers import ComplexConv2d
from samples import ROOT, read_schema

FOLDER = ROOT / "reports/complex_net"
SPEC = load_report(FOLDER, read_schema("report")).spec
CELLS = read_cells(FOLDER / "published.csv")
README = (FOLDER / "README.md").read_text()
SYSTEM = "id_magnitude_deep"


def printed(side, **every):
    """Table II's number for one side of a claim; a value is itself."""
    if not isinstance(side, dict):
        return side
    if "minus" in side:
        first, second = side["minus"]
        return printed(first, **every) - printed(second, **every)
    wanted = {"table": "table_2", "machine": "", **every, **side}
    (cell,) = [c for c in CELLS if c._asdict() | wanted == c._asdict()]
    return float(cell.published)


def combinations(claim):
    """What `every` says of a claim, each combination as a mapping."""
    fields = claim.get("every", {})
    return [dict(zip(fields, values, strict=True)) for values in product(*fields.values())]


#: What the report states of its own tables; what is ours has no printed numbers.
STATED = [claim for claim in SPEC["claims"] if claim["place"] != "ours"]


@pytest.mark.parametrize("claim", STATED, ids=lambda claim: claim["claim"])
def test_a_claim_is_what_table_2_says(claim):
    for every in combinations(claim):
        if "greater" in claim:
            more, less = (printed(side, **every) for side in claim["greater"])
            assert more > less, every
        else:
            one, other, tolerance = claim["near"]
            assert abs(printed(one, **every) - printed(other, **every)) < tolerance
            assert f"within {tolerance:.2f}".replace("0.", ".") in claim["claim"]


def test_a_claim_names_the_machines_that_it_compares():
    for claim in STATED:
        machines = set(re.findall(r"'machine': '(\w+)'", str(claim)))
        machines |= set(claim.get("every", {}).get("machine", ()))
        told = {machine for machine in MACHINES if machine in claim["claim"]}
        assert told == machines or (machines == set(MACHINES) and not told), claim["claim"]


def test_the_best_among_all_is_compared_with_each_of_the_other_five():
    """In the mean and on three machines: twenty comparisons."""
    best = [claim for claim in STATED if "the best among all" in claim["claim"]]
    assert len(best) == 4
    proposed = {claim["greater"][0]["system"] for claim in best}
    for claim in best:
        rivals = set(claim["every"]["system"])
        assert rivals | proposed == {cell.system for cell in CELLS if cell.published} - {""}
        assert len(rivals) == 5
        assert "system" not in claim["greater"][1]


def test_every_headline_statement_has_its_claim():
    """By the part of the text where it stands; a statement that stands twice counts in both."""
    places = Counter(place for claim in STATED for place in claim["place"].split("; "))
    assert places == {
        "Abstract": 2,
        "Section II-B": 1,
        "Section IV-C 1": 1,
        "Section IV-C 2": 2,
        "Section IV-C 3": 13,
        "Table II": 5,
        "Conclusion": 2,
    }


def test_each_control_is_compared_with_the_complex_network_and_with_plain_magnitudes():
    ours = [claim for claim in SPEC["claims"] if claim["place"] == "ours"]
    for control in ("id_magnitude_wide", "id_magnitude_heads"):
        told = [str(claim["greater"]) + str(claim.get("every", "")) for claim in ours]
        for other in ("id_complex_deep'", "id_complex_deep_attention'", "id_magnitude_deep'"):
            assert any(control in text and other in text for text in told), (control, other)


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
    (claim,) = [claim for claim in SPEC["claims"] if "does not help on the pump" in claim["claim"]]
    (found,) = decide(claim, reproduction, PublishedNumbers(CELLS, SPEC))
    assert (found.verdict, found.remark) == ("supported", "one training")


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


def table_1():
    """The rows of Table I as printed, by operator."""
    with (FOLDER / "table_1.csv").open(newline="") as file:
        return {row.pop("operator"): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def network():
    """The complex network with attention, untrained, for the report's four ids."""
    options = SPEC["systems"]["id_complex_deep_attention"]["options"]
    system = IdClassifier(**options)
    return system._build({"ids": list(IDS)}, torch.Generator())


def sizes(convolution):
    """Kernel, stride and channels of a convolution, as Table I writes them."""
    if isinstance(convolution, ComplexConv2d):
        kernel, channels = convolution.real.shape[2:], len(convolution.real)
    else:
        kernel, channels = convolution.kernel_size, convolution.out_channels
    pairs = ["({},{})".format(*pair) for pair in (kernel, convolution.stride)]
    return dict(zip(("kernel", "stride", "channel"), (*pairs, str(channels)), strict=True))


def test_table_1_is_the_network_that_is_built(network):
    found = {f"Complex net{n}": block[0] for n, block in enumerate(network.encoder, start=1)}
    found["Magnitude conv2d"] = network.magnitude_conv
    found["Complex conv2d"] = network.complex_conv
    found["Total conv2d"] = network.total_conv
    found["Attention conv2d"] = network.attention.conv
    assert {name: sizes(one) for name, one in found.items()} == table_1()
    convolutions = [m for m in network.modules() if isinstance(m, nn.Conv2d | ComplexConv2d)]
    assert len(convolutions) == len(found)


def test_the_first_dense_layer_of_the_attention_is_4_times_as_wide_and_the_second_as_its_input(
    network,
):
    block = network.attention
    sizes = [(one.in_features, one.out_features) for one in (block.widen, block.narrow)]
    assert sizes == [(8, 32), (32, 8)]


def test_table_1_is_transcribed_from_the_text():
    text = ROOT.parent / "shared/reports/complex-net.txt"
    if not text.exists():
        pytest.skip("needs the report's text in ../shared/reports, which is never committed")
    pair = r"(\(\d,\d\))"
    printed = re.findall(rf"^(.+?)\t{pair}\t{pair}\t(\d+)\t$", text.read_text(), re.M)
    assert [(name, *row.values()) for name, row in table_1().items()] == printed


def test_the_readme_shows_table_1():
    shown = re.findall(r"^\| (\w.*? \w+) +\| (\(.*?\)) +\| (\(.*?\)) +\| (\d+) ", README, re.M)
    assert [(name, *row.values()) for name, row in table_1().items()] == shown


def test_the_operators_are_counted_in_the_layers_that_are_named_for_them(network):
    """Of `weights`: kernel times channels before and after, and a bias where none is subtracted."""
    rows = table_1()
    before = {"Complex net1": 1, "Magnitude conv2d": 45, "Complex conv2d": 90}
    before |= {"Total conv2d": 8, "Attention conv2d": 8}
    before |= {f"Complex net{n}": int(rows[f"Complex net{n - 1}"]["channel"]) for n in range(2, 6)}
    system = IdClassifier(batch_size=1)
    system._net = network
    for name, row in rows.items():
        bins, frames = map(int, re.findall(r"\d", row["kernel"]))
        weights = bins * frames * before[name] * int(row["channel"])
        of_complex = name.startswith("Complex net")
        expected = 2 * weights if of_complex else weights + int(row["channel"])
        assert system.layers[SPEC["tables"]["weights"]["layers"][name]] == expected, name


@pytest.mark.parametrize("name", SPEC["systems"])
def test_a_control_changes_one_thing_of_the_magnitudes_and_no_other_system_any(name):
    """Weights or heads, towards those of the complex network."""
    changed = {"id_magnitude_wide": {"width": 2}, "id_magnitude_heads": {"heads": 3}}
    options = IdClassifier(**SPEC["systems"][name]["options"]).options.model_dump()
    plain = IdClassifier(**SPEC["systems"][SYSTEM]["options"]).options.model_dump()
    if name in changed:
        assert options == plain | changed[name]
        assert SPEC["systems"][name]["inputs"] == SPEC["systems"][SYSTEM]["inputs"]
    else:
        assert (options["width"], options["heads"]) == (1, 1)


def test_the_attention_is_a_number_per_clip_and_its_table_the_share_of_those_above_half(tmp_path):
    """Of the fans, 6 of 8 normal and 2 of 8 abnormal clips of each id."""
    rows, shares = [], []
    for id in IDS:
        for label, above in (("normal", 6), ("abnormal", 2)):
            rows += [SplitRow(f"{label}/{k}", "fan", "-6dB", id, label, "test") for k in range(8)]
            shares += [0.51 if k < above else 0.49 for k in range(8)]
    for kind in ("score", "attention_complex"):
        write_scores(rows, np.array(shares), tmp_path / f"{kind}.csv")
    folders = {"id_complex_deep_attention": [[str(tmp_path)]]}
    reproduction = Reproduction(folders, SPEC, replicates=50)
    cells = [c for c in CELLS if c.table == "attention" and c.machine == "fan"]
    found = {cell.column: reproduction.estimate(cell).value for cell in cells}
    assert found == {"normal clips": 0.75, "anomalous clips": 0.25}


def test_no_verdict_on_table_2_for_the_training_is_ours():
    table = SPEC["tables"]["table_2"]
    assert not table["comparable"]
    assert "epochs, batch size and padding are ours" in table["reason"]
