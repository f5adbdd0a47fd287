"""Our number for a published cell."""

import numpy as np
import pytest

from mimii_bench.corpus.base import LABELS
from mimii_bench.corpus.mimii import IDS
from mimii_bench.evaluation.intervals import Printed, interval
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.reports.published import Cell
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.checksums import seal
from mimii_bench.util.errors import UserError

#: AUC of each id by construction: abnormal clips above this share of the normal ones.
SHARES = dict(zip(IDS, (0.5, 0.6, 0.7, 0.8), strict=True))


SPEC = {
    "units": {"machine": ["fan"], "snr": ["0dB"], "id": list(IDS)},
    "tables": {"per_id": {}, "pooled": {"over": "pool"}, "harmonic": {"mean": "harmonic"}},
}


def write_unit(folder, id, share, snr="0dB"):
    folder.mkdir(exist_ok=True)
    normal = [SplitRow(f"normal/{k}", "fan", snr, id, "normal", "test") for k in range(100)]
    abnormal = [SplitRow(f"abnormal/{k}", "fan", snr, id, "abnormal", "test") for k in range(20)]
    training = [SplitRow("normal/t", "fan", snr, id, "normal", "train")]
    values = [*range(100), *[100 * share - 0.5] * 20, 1e9]
    write_scores([*normal, *abnormal, *training], np.array(values, float), folder / "score.csv")
    return str(folder)


def cell(**fields):
    plain = {"table": "per_id", "machine": "fan", "snr": "0dB", "system": "ae", "metric": "auc"}
    return Cell(**plain | fields)


@pytest.fixture
def reproduction(tmp_path):
    pools = [
        [write_unit(tmp_path / f"{id}_{seed}", id, share) for seed in range(2)]
        for id, share in SHARES.items()
    ]
    return Reproduction({"ae": pools}, SPEC, replicates=200)


@pytest.mark.parametrize("id", IDS)
def test_a_cell_of_one_unit_is_that_unit_s_auc_with_its_interval(reproduction, id):
    estimate = reproduction.estimate(cell(id=id))
    assert estimate.value == pytest.approx(SHARES[id])
    assert estimate.low < SHARES[id] < estimate.high
    assert estimate.seeds == 2


def test_a_cell_without_id_is_the_mean_over_all_ids(reproduction):
    assert reproduction.estimate(cell()).value == pytest.approx(0.65)


@pytest.mark.parametrize("fields", [{"snr": "6dB"}, {"machine": "valve"}, {"system": "vae"}])
def test_a_cell_with_a_unit_that_was_not_scored_has_no_number(reproduction, fields):
    assert reproduction.estimate(cell(id="00", **fields)) is None


def test_a_mean_that_lacks_one_unit_has_no_number(tmp_path):
    pools = [[write_unit(tmp_path / f"{id}", id, 0.7)] for id in IDS[:3]]
    reproduction = Reproduction({"ae": pools}, SPEC, replicates=100)
    assert reproduction.estimate(cell(id=IDS[0])) is not None
    assert reproduction.estimate(cell()) is None


def test_units_scored_by_one_model_are_told_apart(tmp_path):
    parts = [write_unit(tmp_path / f"{id}", id, SHARES[id]) for id in IDS]
    pooled = tmp_path / "pool"
    pooled.mkdir()
    lines = [(tmp_path / id / "score.csv").read_text().splitlines(True) for id in IDS]
    (pooled / "score.csv").write_text(
        "".join([lines[0][0], *(row for part in lines for row in part[1:])])
    )
    seal(pooled)
    together = Reproduction({"ae": [[str(pooled)]]}, SPEC, replicates=100)
    apart = Reproduction({"ae": [[part] for part in parts]}, SPEC, replicates=100)
    for id in IDS:
        assert together.estimate(cell(id=id)) == apart.estimate(cell(id=id))


def test_an_answer_does_not_depend_on_what_was_asked_before(reproduction, tmp_path):
    asked = reproduction.estimate(cell(id="04"))
    reproduction.estimate(cell())
    assert reproduction.estimate(cell(id="04")) == asked


def test_an_empty_field_means_all_that_the_report_uses(reproduction):
    assert reproduction.estimate(cell(id="00", snr="")) == reproduction.estimate(cell(id="00"))


def test_over_pool_ranks_all_clips_of_a_pool_together(tmp_path):
    """Scores of one id far above those of the other: apart both are perfect, together not."""
    folder = tmp_path / "pool"
    folder.mkdir()
    rows, values = [], []
    for level, id in enumerate(IDS[:2]):
        for label, shift in (("normal", 0), ("abnormal", 1)):
            rows += [SplitRow(f"{label}/{k}", "fan", "0dB", id, label, "test") for k in range(20)]
            values += [100 * level + shift + k / 100 for k in range(20)]
    write_scores(rows, np.array(values), folder / "score.csv")
    spec = SPEC | {"units": SPEC["units"] | {"id": list(IDS[:2])}}
    reproduction = Reproduction({"ae": [[str(folder)]]}, spec, replicates=50)
    assert reproduction.estimate(cell()).value == 1.0
    assert reproduction.estimate(cell(table="pooled")).value == 0.75


def test_a_harmonic_mean_where_the_table_says_so(reproduction):
    expected = 4 / sum(1 / share for share in SHARES.values())
    assert reproduction.estimate(cell(table="harmonic")).value == pytest.approx(expected)


def test_variants_with_other_thresholds_on_the_same_scores_have_other_numbers(tmp_path):
    """At 49.5 half of the 100 normal clips raise an alarm, at 89.5 a tenth."""
    variants = {
        name: {"scores": "score", "threshold": {"class": "thresholds.FixedThreshold", "value": at}}
        for name, at in (("low", 49.5), ("high", 89.5))
    }
    spec = SPEC | {"evaluation": {"variants": variants}}
    reproduction = Reproduction({"ae": [[write_unit(tmp_path / "00", "00", 0.7)]]}, spec, 50)
    rates = [
        reproduction.estimate(cell(id="00", metric="fpr", variant=variant)).value
        for variant in variants
    ]
    assert rates == [0.5, 0.1]


def test_a_group_that_lacks_a_label_has_no_number(tmp_path):
    """One id of four without abnormal clips: no AUC of it, nor of the mean; of the pool, yes."""
    pools = [[write_unit(tmp_path / id, id, 0.7)] for id in IDS]
    path = tmp_path / IDS[0] / "score.csv"
    path.write_text("".join(x for x in path.read_text().splitlines(True) if "abnormal" not in x))
    seal(path.parent)
    reproduction = Reproduction({"ae": pools}, SPEC, replicates=20)
    assert reproduction.estimate(cell(id=IDS[0])) is None
    assert reproduction.estimate(cell()) is None
    assert reproduction.estimate(cell(id=IDS[1])).value == pytest.approx(0.7)


def test_too_few_normal_clips_have_no_partial_auc(tmp_path):
    folder = tmp_path / "few"
    folder.mkdir()
    rows = [
        SplitRow(f"{label}/{k}", "fan", "0dB", "00", label, "test")
        for label in LABELS
        for k in range(9)
    ]
    write_scores(rows, np.arange(18.0), folder / "score.csv")
    reproduction = Reproduction({"ae": [[str(folder)]]}, SPEC, replicates=20)
    assert reproduction.estimate(cell(id="00")).value == 1
    for metric in ("pauc_mcclish", "pauc_trapz", "pauc_topk"):
        assert reproduction.estimate(cell(id="00", metric=metric)) is None


def test_a_variant_that_no_score_bears_is_named(reproduction):
    with pytest.raises(
        UserError, match="ae: no score 'mse', which variant 'mse' means; it has sco"
    ):
        reproduction.estimate(cell(id="00", variant="mse"))


def test_a_star_in_a_variant_stands_for_any_text(tmp_path):
    folder = tmp_path / "ae"
    write_unit(folder, "00", 0.7)
    (folder / "score.csv").rename(folder / "mean_alpha_0.5.csv")
    seal(folder)
    variants = {"mahalanobis_alpha_*": {"scores": "mean_alpha_*"}}
    spec = {**SPEC, "evaluation": {"variants": variants}}
    reproduction = Reproduction({"ae": [[str(folder)]]}, spec, replicates=20)
    found = reproduction.estimate(cell(id="00", variant="mahalanobis_alpha_0.5"))
    assert found.value == pytest.approx(0.7)


def test_numbers_over_units_and_over_the_pool_share_their_draws(tmp_path):
    """So their difference is paired, although the groups are not the same."""
    pool = tmp_path / "pool"
    pool.mkdir()
    rng = np.random.default_rng(0)
    rows = [
        SplitRow(f"{label}/{k:02}", "fan", "0dB", id, label, "test")
        for id in IDS
        for label in LABELS
        for k in range(30)
    ]
    values = rng.normal(size=len(rows)) + np.array([row.label == "abnormal" for row in rows])
    write_scores(rows, values, pool / "score.csv")
    reproduction = Reproduction({"ae": [[str(pool)]]}, SPEC, replicates=500)
    apart, together = (
        reproduction.distribution(cell(table=table)) for table in ("per_id", "pooled")
    )
    gap = interval(apart - together)
    assert np.ptp(gap) < 0.6 * np.ptp(interval(apart))


def write_clips(folder, clips, lift=1.0, roles=("test",)):
    folder.mkdir()
    rng = np.random.default_rng(0)
    rows = [
        SplitRow(f"{label}/{role}/{k:03}", "fan", "0dB", "00", label, role)
        for role in roles
        for label in LABELS
        for k in range(clips)
    ]
    noise = rng.gamma(4.0, size=len(rows))
    write_scores(
        rows, noise + lift * np.array([r.label != "normal" for r in rows]), folder / "score.csv"
    )
    return [[str(folder)]]


YOUDEN = {"class": "thresholds.YoudenThreshold"}


@pytest.mark.parametrize(
    ("fitted_on", "again"), [(["test"], True), (["validation"], False), (["test", "train"], True)]
)
def test_a_threshold_from_the_measured_clips_is_fitted_on_every_resample(
    tmp_path, fitted_on, again
):
    roles = ("train", "validation", "test")
    rule = {**YOUDEN, "fitted_on": fitted_on}
    spec = {**SPEC, "evaluation": {"default": {"threshold": rule}}}
    scores = {"ae": write_clips(tmp_path / "ae", 30, roles=roles)}
    asked = cell(id="00", metric="recall")
    found = Reproduction(scores, spec, 200).estimate(asked)
    at = Reproduction(scores, spec, 200).outcomes(asked)[0].threshold
    fixed = {"class": "thresholds.FixedThreshold", "value": at}
    same = {**SPEC, "evaluation": {"default": {"threshold": fixed}}}
    still = Reproduction(scores, same, 200).estimate(asked)
    assert found.value == still.value
    assert ((found.high - found.low) > 1.2 * (still.high - still.low)) == again


def test_a_training_without_an_alarm_leaves_precision_blank(tmp_path):
    rule = {"class": "thresholds.FixedThreshold", "value": 1e9}
    spec = {**SPEC, "evaluation": {"default": {"threshold": rule}}}
    found = Reproduction({"ae": write_clips(tmp_path / "ae", 10)}, spec, 20)
    assert found.estimate(cell(id="00", metric="precision")) is None
    assert found.estimate(cell(id="00", metric="recall")).value == 0


def test_halves_hold_each_clip_once(tmp_path):
    whole = Reproduction({"ae": write_clips(tmp_path / "ae", 31)}, SPEC, 20)
    counts = []
    for half in (None, 0, 1):
        ((_, group),) = whole.distribution(cell(id="00"), half).terms
        counts.append(group.counts[:2])
    assert counts == [(31, 31), (15, 15), (16, 16)]


def test_where_one_more_run_may_print_its_number_is_asked_for(reproduction):
    assert reproduction.estimate(cell(id="00")).pi_low is None
    found = reproduction.estimate(cell(id="00"), Printed(drawn=True))
    assert found.pi_low < found.low < found.high < found.pi_high


def test_a_threshold_is_the_mean_over_seeds_without_an_interval(tmp_path):
    rule = {**YOUDEN, "fitted_on": ["test"]}
    spec = {**SPEC, "evaluation": {"default": {"threshold": rule}}}
    pools = [
        [write_unit(tmp_path / f"{seed}", "00", share) for seed, share in enumerate((0.5, 0.8))]
    ]
    found = Reproduction({"ae": pools}, spec, 20)
    each = [one.threshold for one in found.outcomes(cell(id="00", metric="recall"))]
    asked = found.estimate(cell(id="00", metric="threshold"))
    assert asked == (pytest.approx(np.mean(each)), None, None, 2, None, None)
    assert each[0] != each[1]
