"""What a change makes Snakemake do again, asked of the real workflow."""

import csv

TABLES = {"report_tables": 1, "all_tables": 1}
#: 2 SNRs x 2 ids in config/tiny.yaml; one training job for the one machine and each of 2 seeds.
UNITS, TRAININGS = 4, 2


def test_a_finished_run_has_nothing_to_do(finished):
    assert "Nothing to be done" in finished.run("--dry-run")


def test_all_csv_keeps_the_contract(finished):
    with (finished.folder / "results/tables/all.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert ",".join(rows[0]) == (
        "report,table,row,column,machine,snr,id,system,variant,metric,"
        "published,reproduced,ci_low,ci_high,seeds,corpus,status"
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
    assert len(logs) == 2 + 2 + 3 * UNITS + TRAININGS + 3


def test_a_feature_parameter_rebuilds_its_stores_and_no_audio(clone):
    clone.edit("reports/mimii_baseline/report.yaml", "hop: 512", "hop: 256")
    assert clone.planned() == {
        "feature_store": UNITS,
        "fit_and_score": TRAININGS,
        **TABLES,
    }


def test_an_edited_feature_module_rebuilds_its_stores_and_no_audio(clone):
    clone.edit("src/mimii_bench/features/mel.py", "27 bands", "Twenty-seven bands")
    assert clone.planned() == {
        "feature_store": UNITS,
        "fit_and_score": TRAININGS,
        **TABLES,
    }


def test_an_edited_system_trains_again_and_nothing_before(clone):
    clone.edit("src/mimii_bench/systems/networks/dense.py", "init.zeros_(", "init.ones_(")
    assert clone.planned() == {"fit_and_score": TRAININGS, **TABLES}


def test_an_option_of_a_system_trains_again_and_nothing_before(clone):
    clone.edit("reports/mimii_baseline/report.yaml", "batch_size: 512", "batch_size: 256")
    assert clone.planned() == {"fit_and_score": TRAININGS, **TABLES}


def test_an_edited_model_of_another_machine_makes_no_recording_again(clone):
    clone.edit("src/mimii_bench/corpus/simulate/valve.py", "Solenoid valve", "A solenoid valve")
    assert clone.planned() == {}


def test_an_edited_model_of_a_machine_keeps_the_noise(clone):
    clone.edit("src/mimii_bench/corpus/simulate/fan.py", "Fan: blade-pass", "Fans: blade-pass")
    planned = clone.planned()
    assert planned["simulate"] == 1
    assert "noise_bank" not in planned


def test_what_the_simulation_is_not_asked_for_is_said(finished):
    with (finished.folder / "results/tables/missing.csv").open() as file:
        missing = [row["missing"] for row in csv.DictReader(file)]
    assert "pump/6dB/id_00: not in simulated.machines" in missing
    assert "fan/0dB/id_02: not in simulated.snrs" in missing
    assert len(missing) == 48 - UNITS


def test_an_edited_metric_trains_nothing(clone):
    clone.edit("src/mimii_bench/metrics.py", "COVERAGE = 0.95", "COVERAGE = 0.9")
    assert clone.planned() == TABLES


def test_a_caption_trains_nothing(clone):
    clone.edit("reports/mimii_baseline/report.yaml", "AUC per machine id", "Areas per machine id")
    assert clone.planned() == TABLES


def test_a_printed_number_is_audited_again_and_trains_nothing(clone):
    clone.edit("reports/mimii_baseline/published.csv", "0.633913", "0.633914")
    assert clone.planned() == {"audit": 1, **TABLES}


def test_another_mix_makes_that_mix_and_nothing_else(clone):
    mix = "results/audio/ch0-ch4/fan/6dB/id_00"
    assert clone.planned(mix) == {"mix": 1}


def test_one_more_seed_trains_only_that_seed(clone):
    clone.edit("config/tiny.yaml", "seeds: 2", "seeds: 3")
    assert clone.planned() == {"fit_and_score": 1, **TABLES}


def test_jobs_of_one_pool_train_one_model_each(clone):
    clone.edit("config.yaml", "jobs: machine", "jobs: pool")
    assert clone.planned("--forcerun", "split")["fit_and_score"] == 2 * UNITS
