"""A sweep shows the numbers of the table, each at its weight."""

import numpy as np
import pytest

from figures.long_tables import ALPHAS, value, write_sweep
from mimii_bench.figures.from_tables import read
from mimii_bench.figures.sweeps import Sweep
from mimii_bench.util.checksums import write_checksum
from mimii_bench.util.errors import UserError


def panel_of(figure, machine):
    (panel,) = [panel for panel in figure.axes if panel.get_title() == machine]
    return panel


@pytest.mark.parametrize("machine", ["fan", "valve"])
def test_curve_level_and_intervals_are_those_of_the_table(tmp_path, machine):
    panel = panel_of(Sweep(weight="alpha").draw(read(write_sweep(tmp_path))), machine)
    (container,) = panel.containers
    curve, _, (bars,) = container
    x, y = curve.get_data()
    np.testing.assert_allclose(x, list(map(float, ALPHAS)))
    np.testing.assert_allclose(y, [value(machine, f"mse_alpha_{alpha}") for alpha in ALPHAS])
    ends = np.array(bars.get_segments())[:, :, 1]
    np.testing.assert_allclose(ends.T, [y - 0.02, y + 0.03])
    (level,) = [line for line in panel.lines if line.get_label() == "one"]
    np.testing.assert_allclose(level.get_ydata(), value(machine, "mse"))
    assert panel.get_xlabel() == "alpha"
    assert [tick.get_text() for tick in panel.get_xticklabels()] == list(ALPHAS)


def test_the_mean_over_machines_has_no_panel(tmp_path):
    figure = Sweep().draw(read(write_sweep(tmp_path)))
    assert [panel.get_title() for panel in figure.axes] == ["valve", "fan"]


def published(figure):
    panel = figure.axes[0]
    return [line for line in panel.lines if line.get_label().endswith(", published")]


def test_published_numbers_stand_hollow_beside_ours_of_real_clips(tmp_path):
    figure = Sweep().draw(read(write_sweep(tmp_path)))
    curve, level = published(figure)
    assert curve.get_markerfacecolor() == "white"
    assert set(curve.get_ydata()) == set(level.get_ydata()) == {0.25}
    (legend,) = figure.legends
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["both", "both, published", "one", "one, published"]


def test_no_published_number_stands_beside_simulated_ones(tmp_path):
    series = read(write_sweep(tmp_path, corpus="simulated"))
    assert {point.published for part in series for point in part.points} == {None}
    figure = Sweep().draw(series)
    assert not published(figure)
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["both", "one"]


def test_curves_side_by_side_are_moved_apart(tmp_path):
    part, _ = write_sweep(tmp_path)
    figure = Sweep().draw(read([part, {**part, "title": "again"}]))
    first, second = (container[0].get_xdata() for container in figure.axes[0].containers)
    assert (second > first).all()
    np.testing.assert_allclose(second, first, rtol=0.1)


def test_what_was_not_reproduced_is_named(tmp_path):
    parts = write_sweep(tmp_path)
    rows = [line.split(",") for line in (tmp_path / "all.csv").read_text().splitlines()]
    for row in rows[1:]:
        row[11:14] = "", "", ""
    (tmp_path / "all.csv").write_text("\n".join(map(",".join, rows)) + "\n")
    write_checksum(tmp_path / "all.csv")
    with pytest.raises(UserError, match="none of these numbers was reproduced"):
        Sweep().draw(read(parts))
