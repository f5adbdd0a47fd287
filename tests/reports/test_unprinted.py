"""Numbers of ours that no printed table asks for."""

from mimii_bench.reports.published import Cell
from mimii_bench.reports.unprinted import further_cells

SPEC = {
    "tables": {},
    "evaluation": {
        "variants": {
            "mahalanobis_alpha_*": {"scores": "mean_residual_alpha_*"},
            "per_frame_alpha_*": {"scores": "mahalanobis_alpha_*"},
            "train": {"roles": ["train"]},
        }
    },
}
POOLS = {"two": [{"machine": "fan"}], "ae": [{"machine": "fan", "snr": "0dB", "id": "00"}]}


def further(asked, kinds):
    cells = [Cell(system=system, variant=variant) for system, variant in asked]
    return list(further_cells(cells, SPEC, kinds, POOLS))


def test_what_is_asked_for_by_its_own_or_by_a_variant_s_name_is_not_repeated():
    asked = [("two", "mse_alpha_2"), ("two", "mahalanobis_alpha_2"), ("ae", "")]
    kinds = {"two": {"mse_alpha_2", "mean_residual_alpha_2"}, "ae": {"score"}}
    assert further(asked, kinds) == []


def test_a_new_weight_has_cells_by_the_names_that_the_report_uses():
    kinds = {"two": {"mse_alpha_1", "mean_residual_alpha_1", "mahalanobis_alpha_1"}}
    cells = further([("two", "mse_alpha_2")], kinds)
    names = ["per_frame_alpha_1", "mahalanobis_alpha_1", "mse_alpha_1"]
    assert [cell.variant for cell in cells] == [name for name in names for _ in range(2)]
    assert {cell.metric for cell in cells} == {"auc", "pauc_mcclish"}
    assert {(cell.row, cell.machine, cell.snr) for cell in cells} == {("fan", "fan", "")}


def test_a_system_that_no_cell_names_has_cells_of_each_of_its_pools():
    (first, _) = further([], {"ae": {"score"}})
    assert (first.row, first.column, first.variant) == ("fan 0dB 00", "ae auc", "")
    assert (first.machine, first.snr, first.id) == ("fan", "0dB", "00")
