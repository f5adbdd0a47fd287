"""The installed `fit` and `score` on genuine recordings and on simulated ones, of all kinds."""

import csv
import io
import json
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
import soundfile
import soxr

import example_recordings
from samples import printed_by

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def pump(tmp_path_factory):
    """The simulated recordings of docs/own-machine.md, fewer of them."""
    folder = tmp_path_factory.mktemp("pump")
    example_recordings.write(folder, normal=12, abnormal=4)
    return folder


@pytest.fixture(scope="module")
def model(pump, installed, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "pump.model"
    subprocess.run([installed, "fit", pump, "-o", path, "-q"], check=True, capture_output=True)
    return path


#: Runs a command, then says on stdout how many kilobytes it had at most.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def kilobytes(*command, cwd):
    measured = [sys.executable, "-c", MEASURE, *map(str, command)]
    return int(subprocess.run(measured, cwd=cwd, check=True, stdout=subprocess.PIPE).stdout)


def rows(done):
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_a_real_fan(bench, real_recordings, tmp_path):
    folder = real_recordings / "mimii/0dB/fan/id_00"
    done = bench("fit", folder, "--system", "knn_mean", "-o", "fan.model")
    assert "14 normal recordings" in done.stdout
    assert "hears ch0 of 8 channel(s) at 16000 Hz" in " ".join(done.stdout.split())
    facts = json.loads((tmp_path / "fan.model/detector.json").read_text())
    assert facts["trial"]["auc"] > 0.8
    found = rows(bench("score", "fan.model", folder, "--format", "csv"))
    assert len(found) == 20
    alarms = {label: 0 for label in ("normal", "abnormal")}
    for row in found:
        alarms[row["recording"].split("/")[-2]] += row["verdict"] == "anomalous"
    assert alarms["abnormal"] >= 3
    assert alarms["normal"] == 0


def test_a_simulated_pump(bench, model, pump):
    assert bench("score", model, pump / "abnormal").stdout.count("anomalous  ") >= 2
    done = bench("score", model, pump / "today.wav", "--format", "json")
    found = json.loads(done.stdout)
    assert found["verdict"] == "anomalous"
    assert len(found["windows"]) == 4
    # It begins to leak after 20 s.
    assert min(start for start, _ in found["anomalous_seconds"]) >= 15


@pytest.fixture(scope="module")
def stereo(pump, tmp_path_factory):
    """Some of them at 44.1 kHz on two channels, as FLAC."""
    folder = tmp_path_factory.mktemp("stereo")
    for path in sorted((pump / "normal").glob("*.wav"))[:6]:
        sound, rate = soundfile.read(path)
        wide = soxr.resample(sound, rate, 44_100)
        both = np.stack([wide, 0.5 * wide], axis=1)
        soundfile.write(folder / f"{path.stem}.flac", both, 44_100)
    return folder


def test_stereo_at_another_rate_long_or_not_in_little_memory(
    bench, installed, model, stereo, tmp_path
):
    done = bench("fit", stereo, "-o", "stereo.model", "--mix", "mono")
    assert "resampled from 44100 to 16000 Hz" in done.stderr
    assert "mono of 2 channel(s)" in done.stdout
    bench("score", "stereo.model", stereo, status=1)
    done = bench("score", model, stereo / "000.flac", status=2)
    assert "2 channel(s), and the model learned from recordings of 1" in done.stderr
    both, rate = soundfile.read(stereo / "000.flac", dtype="int16")
    with soundfile.SoundFile(tmp_path / "long.wav", "w", rate, 2) as file:
        for _ in range(180):
            file.write(both)
    long = ("score", "stereo.model", "long.wav", "--format", "json", "--plot", "p.html")
    assert len(json.loads(bench(*long, status=1).stdout)["windows"]) == 180
    assert 10 * 1024 < kilobytes(installed, *long, cwd=tmp_path) < 400 * 1024


def test_three_seconds(bench, model, pump, tmp_path):
    sound, rate = soundfile.read(pump / "abnormal/000.wav", stop=48_000)
    soundfile.write(tmp_path / "short.wav", sound, rate)
    (row,) = rows(bench("score", model, "short.wav", "--format", "csv"))
    assert row["verdict"] == "anomalous"
    assert row["remark"].startswith("judged in windows of 2.4")


def test_fifo_and_standard_input(bench, model, pump, tmp_path):
    path = pump / "abnormal/000.wav"
    (expected,) = rows(bench("score", model, path, "--format", "csv"))
    os.mkfifo(tmp_path / "fifo")
    writer = threading.Thread(target=(tmp_path / "fifo").write_bytes, args=(path.read_bytes(),))
    writer.start()
    (of_fifo,) = rows(bench("score", model, "fifo", "--format", "csv"))
    writer.join()
    with path.open("rb") as file:
        (of_pipe,) = rows(bench("score", model, "-", "--format", "csv", stdin=file))
    assert of_fifo["score"] == of_pipe["score"] == expected["score"]


def test_what_is_no_recording_does_not_stop_the_others(bench, model, pump, tmp_path):
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_text("hello")
    good = pump / "normal/000.wav"
    done = bench("score", model, "empty.wav", "text.wav", good, "--format", "csv", status=2)
    assert [row["recording"] for row in rows(done)] == [str(good)]
    assert len(done.stderr.splitlines()) == 2
    for name in ("empty.wav", "text.wav"):
        folder = tmp_path / name.split(".")[0]
        folder.mkdir()
        (tmp_path / name).rename(folder / name)
        done = bench("fit", folder, "-o", "m", status=2)
        assert done.stderr.startswith(f"mimii-bench: {folder / name}: ")


def test_a_classical_system_scores_without_torch_and_scikit_learn(model, pump):
    program = """
        import sys
        from mimii_bench.cli.main import command
        command.main(["score", "-q", *sys.argv[1:]], standalone_mode=False)
        slow = ("torch._C", "sklearn.base", "scipy", "pandas")
        print([name for name in slow if name in sys.modules])
    """
    assert printed_by(program, str(model), str(pump / "normal/000.wav")).strip() == "[]"
