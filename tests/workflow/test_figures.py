"""Pictures in the real workflow: what draws them again, and what does not."""

import re

import pytest

pytestmark = pytest.mark.whole

PICTURES = [f"results/figures/gamma_ae/{name}.png" for name in ("log_mel", "confusion")]
REPORT = "reports/gamma_ae/report.yaml"
CONFIG = """
reports: [gamma_ae]
budgets: {demo: {max_steps: 5, seeds: 1, bootstrap: 100}}
simulated: {machines: [fan], snrs: ["6dB"], normal: 8, abnormal: 2}
"""


@pytest.fixture(scope="module")
def gallery(project_class, tmp_path_factory):
    """A finished run for two of a report's pictures."""
    project = project_class.fresh(tmp_path_factory.mktemp("gallery") / "p", "config/gallery.yaml")
    (project.folder / "config/gallery.yaml").write_text(CONFIG)
    project.run(*PICTURES)
    return project


@pytest.fixture
def copy(gallery, tmp_path):
    """A copy of the finished run, to edit."""
    return gallery.clone(tmp_path / "project")


def test_a_second_run_draws_nothing_and_a_deleted_picture_comes_back_the_same(copy):
    assert copy.planned(*PICTURES) == {}
    before = {path: copy.read(path) for path in PICTURES}
    for path in PICTURES:
        (copy.folder / path).unlink()
    copy.run(*PICTURES)
    assert {path: copy.read(path) for path in PICTURES} == before


def test_a_figure_s_caption_draws_that_figure(copy):
    copy.edit(REPORT, "Test clips at the gamma cutoff", "Test clips at the cutoff")
    assert copy.planned(*PICTURES) == {"figure": 1}


def test_an_edited_plot_draws_its_own_figures(copy):
    copy.edit("src/mimii_bench/figures/spectrograms.py", "_CLOSEST = 0.06", "_CLOSEST = 0.07")
    assert copy.planned(*PICTURES) == {"figure": 1}


def test_an_edited_metric_draws_what_shows_scores_and_trains_nothing(copy):
    copy.edit("src/mimii_bench/evaluation/metrics.py", "scores > np", "scores >= np")
    assert copy.planned(*PICTURES) == {"figure": 1}


def test_a_table_s_caption_draws_nothing(copy):
    copy.edit(REPORT, "AUC and pAUC per fan", "Areas per fan")
    assert copy.planned(*PICTURES) == {}


def test_an_edited_system_does_not_draw_its_input_again(copy):
    copy.edit("src/mimii_bench/systems/networks/dense.py", "init.zeros_(", "init.ones_(")
    assert copy.planned(*PICTURES) == {"fit_and_score": 1, "score": 1, "figure": 1}


def test_all_figures_are_one_target(copy):
    assert copy.planned("figures")["figure"] == 6


def test_a_figure_that_is_not_there_is_named(copy):
    result = copy.snakemake("--dry-run", "results/figures/gamma_ae/rocs.png")
    assert result.returncode != 0
    assert "gamma_ae: no figure rocs can be drawn" in result.stdout


def test_what_the_corpus_lacks_is_said(copy):
    copy.edit("config/gallery.yaml", 'snrs: ["6dB"]', 'ids: ["00", "02"], snrs: ["6dB"]')
    (copy.folder / PICTURES[0]).unlink()
    printed = copy.run(PICTURES[0], "--rerun-triggers", "mtime")
    drawn = r"missing for gamma_ae: (figure roc, |\d+ figures )drawn from"
    assert re.search(drawn, printed)
    assert "figure log_mel" not in printed
