"""A script that is run alone, for debugging."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.whole

MIX = "results/audio/ch0/fan/6dB/id_00"


def run_alone(project, script, file):
    return subprocess.run(
        [sys.executable, f"workflow/scripts/{script}.py", file, "--configfile", project.config],
        cwd=project.folder,
        env=project.environment,
        capture_output=True,
        text=True,
    )


def test_a_script_makes_its_file_again(clone):
    before = clone.read(f"{MIX}/normal/00000000.wav")
    (clone.folder / MIX / "normal/00000000.wav").unlink()
    done = run_alone(clone, "mix", MIX)
    assert done.returncode == 0, done.stderr
    assert clone.read(f"{MIX}/normal/00000000.wav") == before


def test_a_training_can_be_run_alone(clone):
    folder = "results/models/mimii_baseline/dense_ae/fan/seed0"
    before = clone.read(f"{folder}/6dB/id_00/model.safetensors")
    done = run_alone(clone, "fit_and_score", folder)
    assert done.returncode == 0, done.stderr
    assert clone.read(f"{folder}/6dB/id_00/model.safetensors") == before


def test_a_script_that_does_not_make_a_file_says_so(clone):
    done = run_alone(clone, "split", MIX)
    assert done.returncode == 1
    assert f"split.py does not make {MIX}" in done.stderr
