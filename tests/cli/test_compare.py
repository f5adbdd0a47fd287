"""`mimii-bench compare`, installed: on genuine recordings, on any others, and on what are none."""

import csv
import io
import json

import pytest
import soundfile
from click.testing import CliRunner

from mimii_bench.cli.compare import compare
from samples import noise


def record(folder, normal=8, abnormal=8):
    """Write recordings of one microphone at 22,050 Hz, none as long as another."""
    for label, count in (("normal", normal), ("abnormal", abnormal)):
        (folder / label).mkdir(parents=True)
        for number in range(count):
            samples = 22_050 * 2 + 100 * number
            path = folder / label / f"take {number}.{'flac' if number % 2 else 'wav'}"
            seed = number + 1000 * (label == "normal")
            soundfile.write(path, noise(seed, samples, 1) // (2 + seed // 500), 22_050)
    return folder


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name FOLDER, or --corpus"),
        (["--corpus", "gears.yaml"], "'gears.yaml' does not exist"),
        (["pump", "--budget", "half"], "'half' is not one of"),
        (["pump", "--seeds", "0"], "0 is not in the range"),
    ],
)
def test_what_is_asked_wrongly(arguments, said):
    done = CliRunner().invoke(compare, arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_a_dry_run_says_what_would_be_compared_and_leaves_stdout_alone(tmp_path):
    given = [str(record(tmp_path / "pump")), "-n", "-o", str(tmp_path / "out"), "--cores", "2"]
    done = CliRunner().invoke(compare, given, catch_exceptions=False)
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "left out: two_mics_0_4: the recordings have 1 channel(s)" in done.stderr
    assert "18 systems on pump/any/id_00; about " in done.stderr
    assert not (tmp_path / "out/results").exists()


@pytest.mark.whole
def test_any_recordings_are_ranked_by_the_installed_command(bench, tmp_path):
    record(tmp_path / "Pumpe 3")
    given = ["compare", "Pumpe 3", "--budget", "demo", "--seeds", "1", "--cores", "2"]
    done = bench(*given)
    assert "all are cut to 2 s" in done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split()[:3] == ["rank", "system", "AUC"]
    assert any(line.split()[1:2] == ["ims_cnn_learned_sinc"] for line in lines)
    # Nothing is left to do.
    again = bench(*given, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(again.stdout)))
    assert {row["corpus"] for row in rows} == {"own"}
    assert "Nothing to be done" in (tmp_path / "mimii-bench-compare/compare.log").read_text()
    # A recording that cannot be used ends in one line.
    (tmp_path / "Pumpe 3/normal/text.wav").write_text("hello")
    done = bench(*given, status=2)
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "text.wav: not a readable recording" in line


@pytest.mark.whole
def test_genuine_recordings_are_never_mimii(bench, real_recordings, tmp_path):
    given = [real_recordings / "mimii/0dB/fan/id_00", "--budget", "demo", "--seeds", "1"]
    done = bench("compare", *given, "--format", "json")
    rows = json.loads(done.stdout)
    assert {row["corpus"] for row in rows} == {"own"}
    assert "two_mics_0_4:mse_alpha_0.5" in {row["system"] for row in rows}
    assert max(row["auc"] for row in rows) > 0.5
