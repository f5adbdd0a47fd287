"""Each stage fails in each way after an edit of a finished run: no rerun ends with old tables.

It fails when its files are written: then most is there that could be taken for whole. A stage fails
in three of the ways, such that each way is met by three stages and more; with EVERY_FAULT=1 in the
environment, in all.
"""

import os

import pytest

TARGET = "results/tables/all.csv"
STAGES = ["clip_index", "quality", "feature_store", "split", "fit_and_score", "score"]
STAGES += ["report_tables", "all_tables"]
#: What a script does by the environment variable FAULT.
STRIKE = """
    import errno, os, signal, time
    fault, run = os.environ.get("FAULT"), os.environ["MIMII_BENCH_RUN"].split(".")[-2]
    if fault == "error":
        raise ValueError("broken")
    if fault == "full disk":
        raise OSError(errno.ENOSPC, "No space left on device")
    if fault == "memory":
        raise MemoryError
    if fault == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault in ("Ctrl-C", "SIGTERM"):
        os.kill(int(run), signal.SIGINT if fault == "Ctrl-C" else signal.SIGTERM)
        raise KeyboardInterrupt
    if fault == "the run is killed":
        os.kill(int(run), signal.SIGKILL)
        time.sleep(60)
"""
FAULTS = ["error", "full disk", "memory", "killed", "Ctrl-C", "SIGTERM", "the run is killed"]


def faults_of(stage):
    """The ways in which a stage fails."""
    first = 3 * STAGES.index(stage)
    few = [FAULTS[(first + place) % len(FAULTS)] for place in range(3)]
    return FAULTS if os.environ.get("EVERY_FAULT") else few


@pytest.mark.fault
@pytest.mark.parametrize("stage", STAGES)
def test_no_rerun_after_a_fault_ends_with_old_tables(finished, tmp_path, monkeypatch, stage):
    project = finished.clone(tmp_path / "project")
    script = project.folder / f"workflow/scripts/{stage}.py"
    script.write_text(script.read_text().rstrip() + STRIKE)
    before = (project.folder / TARGET).stat().st_mtime_ns
    assert stage in project.planned(TARGET)
    for fault in faults_of(stage):
        monkeypatch.setenv("FAULT", fault)
        result = project.snakemake(TARGET)
        assert result.returncode != 0, f"{fault}: {result.stdout[-3000:]}"
    monkeypatch.delenv("FAULT")
    project.run(TARGET)
    assert project.planned(TARGET) == {}
    assert (project.folder / TARGET).stat().st_mtime_ns > before
    assert project.read(TARGET) == finished.read(TARGET)
