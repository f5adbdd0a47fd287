"""Our number for a published cell."""

import numpy as np
import pytest

from mimii_bench.corpus.layout import IDS
from mimii_bench.reproduction import Reproduction
from mimii_bench.scores import write_scores
from mimii_bench.splits import Row

#: AUC of each id by construction: abnormal clips above this share of the normal ones.
SHARES = dict(zip(IDS, (0.5, 0.6, 0.7, 0.8), strict=True))


def write_unit(path, id, share, snr="0dB"):
    normal = [Row(f"normal/{k}", "fan", snr, id, "normal", "test") for k in range(100)]
    abnormal = [Row(f"abnormal/{k}", "fan", snr, id, "abnormal", "test") for k in range(20)]
    training = [Row("normal/t", "fan", snr, id, "normal", "train")]
    values = [*range(100), *[100 * share - 0.5] * 20, 1e9]
    write_scores([*normal, *abnormal, *training], np.array(values, float), path)
    return str(path)


def cell(**fields):
    blank = {"machine": "fan", "snr": "0dB", "id": "", "system": "ae", "metric": "auc"}
    return blank | fields


@pytest.fixture
def reproduction(tmp_path):
    pools = [
        [write_unit(tmp_path / f"{id}_{seed}.csv", id, share) for seed in range(2)]
        for id, share in SHARES.items()
    ]
    return Reproduction({"ae": pools}, replicates=200)


@pytest.mark.parametrize("id", IDS)
def test_a_cell_of_one_unit_is_that_unit_s_auc_with_its_interval(reproduction, id):
    estimate = reproduction(cell(id=id))
    assert estimate.value == pytest.approx(SHARES[id])
    assert estimate.low < SHARES[id] < estimate.high
    assert estimate.seeds == 2


def test_a_cell_without_id_is_the_mean_over_all_ids(reproduction):
    assert reproduction(cell()).value == pytest.approx(0.65)


@pytest.mark.parametrize(
    "fields", [{"snr": "6dB"}, {"machine": "valve"}, {"system": "vae"}, {"snr": ""}]
)
def test_a_cell_with_a_unit_that_was_not_scored_has_no_number(reproduction, fields):
    assert reproduction(cell(id="00", **fields)) is None


def test_a_mean_that_lacks_one_unit_has_no_number(tmp_path):
    pools = [[write_unit(tmp_path / f"{id}.csv", id, 0.7)] for id in IDS[:3]]
    reproduction = Reproduction({"ae": pools}, replicates=100)
    assert reproduction(cell(id=IDS[0])) is not None
    assert reproduction(cell()) is None


def test_units_scored_by_one_model_are_told_apart(tmp_path):
    parts = [write_unit(tmp_path / f"{id}.csv", id, SHARES[id]) for id in IDS]
    pooled = tmp_path / "pool.csv"
    lines = [(tmp_path / f"{id}.csv").read_text().splitlines(True) for id in IDS]
    pooled.write_text("".join([lines[0][0], *(row for part in lines for row in part[1:])]))
    together = Reproduction({"ae": [[str(pooled)]]}, replicates=100)
    apart = Reproduction({"ae": [[part] for part in parts]}, replicates=100)
    for id in IDS:
        assert together(cell(id=id)) == apart(cell(id=id))


def test_an_answer_does_not_depend_on_what_was_asked_before(reproduction, tmp_path):
    asked = reproduction(cell(id="04"))
    reproduction(cell())
    assert reproduction(cell(id="04")) == asked
