"""What a change makes Snakemake do again, asked of the real workflow."""

import csv
import shutil

import pytest

pytestmark = pytest.mark.whole

TABLES = {"report_tables": 1, "all_tables": 1, "page": 1}
#: 2 SNRs x 2 ids in config/tiny.yaml; one training job for the one machine and each of 2 seeds.
UNITS, TRAININGS = 4, 2
TRAINED = {"fit_and_score": TRAININGS, "score": TRAININGS, "listening": 1}


def test_a_finished_run_has_nothing_to_do(finished):
    assert "Nothing to be done" in finished.run("--dry-run")


def test_all_csv_keeps_the_contract(finished):
    with (finished.folder / "results/tables/all.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert ",".join(rows[0]) == (
        "report,table,row,column,machine,snr,id,system,variant,metric,"
        "published,reproduced,ci_low,ci_high,pi_low,pi_high,seeds,corpus,status"
    )
    ours = [row for row in rows if row["reproduced"]]
    assert len(ours) == UNITS
    assert {row["corpus"] for row in ours} == {"simulated"}
    assert {row["status"] for row in ours} <= {"not_comparable", "reproduced_only"}
    assert {row["status"] for row in rows if not row["reproduced"]} == {"published_only"}


def test_every_job_leaves_log_and_benchmark(finished):
    results = finished.folder / "results"
    logs = {p.relative_to(results / "logs").with_suffix("") for p in results.glob("logs/**/*.log")}
    benchmarks = {
        p.relative_to(results / "benchmarks").with_suffix("")
        for p in results.glob("benchmarks/**/*.tsv")
    }
    assert logs == benchmarks
    # Bank, zips, clips, quality, stores and splits of the one machine; a mix for each unit.
    assert len(logs) == 6 + UNITS + 2 * TRAININGS + 6


def test_a_listening_room_that_is_gone_is_made_again_and_so_is_the_page(clone):
    shutil.rmtree(clone.folder / "results/listening")
    assert clone.planned() == {"listening": 1, "page": 1}


def test_a_feature_parameter_rebuilds_its_stores_and_no_audio(clone):
    clone.edit("reports/mimii_baseline/report.yaml", "hop: 512", "hop: 256")
    assert clone.planned() == {"feature_store": 1, **TRAINED, **TABLES}


def test_an_edited_feature_module_rebuilds_its_stores_and_no_audio(clone):
    clone.edit("src/mimii_bench/features/mel.py", "np.log(6.4) / 27", "np.log(6.4) / 28")
    assert clone.planned() == {"feature_store": 1, **TRAINED, **TABLES}


def test_an_edited_system_trains_again_and_nothing_before(clone):
    clone.edit("src/mimii_bench/systems/networks/dense.py", "init.zeros_(", "init.ones_(")
    assert clone.planned() == {**TRAINED, **TABLES}


def test_an_option_of_a_system_trains_again_and_nothing_before(clone):
    clone.edit("reports/mimii_baseline/report.yaml", "batch_size: 512", "batch_size: 256")
    assert clone.planned() == {**TRAINED, **TABLES}


def test_an_edited_model_of_another_machine_makes_no_recording_again(clone):
    valve = clone.folder / "src/mimii_bench/corpus/simulate/valve.py"
    valve.write_text(valve.read_text() + "\nraise SystemExit\n")
    assert clone.planned() == {}


def test_an_edited_model_of_a_machine_keeps_the_noise(clone):
    fan = clone.folder / "src/mimii_bench/corpus/simulate/fan.py"
    fan.write_text(fan.read_text() + "\nprint()\n")
    planned = clone.planned()
    assert planned["simulate"] == 1
    assert "noise_bank" not in planned


def test_an_edit_that_changes_no_code_plans_nothing(clone):
    """Comments, docstrings and blank lines, in all modules and scripts."""
    files = [*clone.folder.glob("src/**/*.py"), *clone.folder.glob("workflow/scripts/*.py")]
    for file in files:
        file.write_text(f"# The first line.\n{file.read_text()}\n\n# The last line.\n")
    clone.edit("src/mimii_bench/util/errors.py", "What went wrong", "What has gone wrong")
    assert clone.planned() == {}


def test_another_system_s_code_trains_nothing(clone):
    clone.edit("src/mimii_bench/systems/learning/mahalanobis.py", "def mahalanobis(", "def other(")
    assert clone.planned() == {}


def test_an_edited_score_scores_again_and_trains_nothing(clone):
    """The dense autoencoder calls anomalous what it calls normal."""
    clone.edit(
        "src/mimii_bench/systems/dense_autoencoder.py",
        'return {"score": self._squared_error',
        'return {"score": -self._squared_error',
    )
    assert clone.planned() == {"score": TRAININGS, "listening": 1, **TABLES}
    before = clone.read("results/tables/all.csv")
    model = next(clone.folder.glob("results/models/**/*.safetensors"))
    written = model.stat().st_mtime_ns
    clone.run()
    assert model.stat().st_mtime_ns == written
    assert clone.read("results/tables/all.csv") != before
    assert clone.planned() == {}


@pytest.mark.fault
@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("systems/networks/dense.py", "nn.init.zeros_(layer.bias)"),
        (
            "systems/dense_autoencoder.py",
            'return {"score": self._squared_error',
        ),
    ],
)
def test_a_run_that_failed_after_an_edit_does_not_end_with_the_old_tables(
    clone, monkeypatch, module, text
):
    """The disk is full once, in a training or in a score, and what was to be made is deleted."""
    full = "if __import__('os').environ.get('FULL'): raise OSError(28, 'full')"
    indent = " " * 8
    edited = text.replace("zeros_", "ones_").replace(": self", ": -self")
    clone.edit(f"src/mimii_bench/{module}", text, f"{full}\n{indent}{edited}")
    before = clone.read("results/tables/all.csv")
    monkeypatch.setenv("FULL", "1")
    assert clone.snakemake("results/tables/all.csv").returncode != 0
    monkeypatch.delenv("FULL")
    assert clone.planned("results/tables/all.csv")["score"] == TRAININGS
    clone.run("results/tables/all.csv")
    assert clone.read("results/tables/all.csv") != before
    assert clone.planned("results/tables/all.csv") == {}


def test_scores_made_again_by_the_same_code_are_the_same_bytes(clone):
    scores = sorted(clone.folder.glob("results/scores/**/*.csv"))
    before = [file.read_bytes() for file in scores]
    for note in clone.folder.glob("results/models/**/scored_by"):
        note.write_text("other code")
    clone.run("--forcerun", "score")
    assert [file.read_bytes() for file in scores] == before


def test_what_the_simulation_is_not_asked_for_is_said(finished):
    with (finished.folder / "results/tables/missing.csv").open() as file:
        missing = [row["missing"] for row in csv.DictReader(file)]
    assert "pump/6dB/id_00: not in simulated.machines" in missing
    assert "fan/0dB/id_02: not in simulated.snrs" in missing
    assert len(missing) == 48 - UNITS


def test_an_edited_metric_trains_nothing(clone):
    clone.edit("src/mimii_bench/evaluation/intervals.py", "COVERAGE = 0.95", "COVERAGE = 0.9")
    assert clone.planned() == TABLES


def test_a_caption_trains_nothing(clone):
    clone.edit("reports/mimii_baseline/report.yaml", "AUC per machine id", "Areas per machine id")
    assert clone.planned() == TABLES


def test_a_printed_number_is_audited_again_and_trains_nothing(clone):
    clone.edit("reports/mimii_baseline/published.csv", "0.633913", "0.633914")
    assert clone.planned() == {"audit": 1, **TABLES}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("reports/mimii_baseline/report.yaml", "published a simple detector", "made a detector"),
        ("src/mimii_bench/page/templates/page.css", "--paper: #fff", "--paper: #fafafa"),
        ("src/mimii_bench/page/words.py", ':.3g} ms"', ':.3g} msec"'),
        ("src/mimii_bench/reports/columns.py", '"true positive rate"', '"TPR"'),
    ],
)
def test_what_the_page_alone_tells_makes_the_page_again(clone, file, old, new):
    text = (clone.folder / file).read_text()
    (clone.folder / file).write_text(text.replace(old, new, 1))
    assert text.count(old) >= 1
    assert clone.planned() == {"page": 1}


def test_a_leaderboard_that_was_run_since_comes_onto_the_page(clone):
    (clone.folder / "results/tables/leaderboard.csv").write_text("rank,system\n")
    assert clone.planned() == {"page": 1}


def test_another_mix_makes_that_mix_and_nothing_else(clone):
    mix = "results/audio/ch0-ch4/fan/6dB/id_00"
    assert clone.planned(mix) == {"mix": 1}


def test_one_more_seed_trains_only_that_seed(clone):
    clone.edit("config/tiny.yaml", "seeds: 2", "seeds: 3")
    assert clone.planned() == {"fit_and_score": 1, "score": 1, "listening": 1, **TABLES}


def test_jobs_of_one_pool_train_one_model_each(clone):
    clone.edit("config.yaml", "training: machine", "training: pool")
    assert clone.planned("--forcerun", "split")["fit_and_score"] == 2 * UNITS
