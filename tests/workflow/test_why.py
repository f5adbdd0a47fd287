"""`mimii-bench why` on a finished workflow: proven as it is, and not when a link is broken."""

import csv
import json
import subprocess
import sys

import pytest

ROW = "mimii_baseline/readme/fan id_00/6dB"
JOB = "mimii_baseline/dense_ae/fan/seed0/6dB/id_00"


pytestmark = pytest.mark.whole


def ask(project, *arguments):
    """Run the command in a project; returns its exit status and both streams."""
    code = "from mimii_bench.cli.main import main; main()"
    command = [sys.executable, "-c", code, "why", *arguments, "--configfile", project.config]
    done = subprocess.run(
        command, cwd=project.folder, env=project.environment, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def explained(project, *arguments):
    status, printed, told = ask(project, *arguments, "--format", "json")
    assert printed, told
    return status, json.loads(printed)


def broken(found):
    """The links that do not hold, with their states."""
    holds = ("as written", "not kept")
    return {link["link"]: link["state"] for link in found["links"] if link["state"] not in holds}


def test_a_finished_number_is_proven_link_by_link(finished):
    status, found = explained(finished, ROW)
    assert broken(found) == {}
    assert (status, found["proven"]) == (0, True)
    assert found["files_without_record"] == 0
    names = [link["link"] for link in found["links"]]
    assert names == [
        *("clips", "mix", "split", "features", "models", "scores"),
        *("metric", "interval", "printed", "tables"),
    ]
    says = {link["link"]: " ".join(link["says"]) for link in found["links"]}
    assert "fan/6dB/id_00: 5 normal, 2 abnormal" in says["clips"]
    assert "n_mels 64" in says["features"]
    assert "50760 parameters" in says["models"]
    with (finished.folder / "results/tables/all.csv").open() as file:
        (row,) = [
            r for r in csv.DictReader(file) if (r["row"], r["column"]) == ("fan id_00", "6dB")
        ]
    assert found["row"] == row
    assert found["computed_now"]["reproduced"] == row["reproduced"] != ""
    for link in found["links"]:
        for file in link["files"]:
            assert (finished.folder / file["path"]).exists(), file


def test_a_mean_and_a_published_number_alone_are_explained(finished):
    status, printed, _ = ask(finished, "mimii_baseline/readme/fan id_04/6dB")
    assert (status, "none of ours, published_only" in printed) == (0, True)
    status, found = explained(finished, "--line", "3")
    assert (status, found["line"]) == (0, 3)


def test_beginnings_name_a_row_and_others_are_told(finished):
    status, printed, _ = ask(finished, "MIMII/read/fan id_00/6")
    assert (status, printed.startswith(ROW)) == (0, True)
    status, printed, told = ask(finished, "mimii/readme/fan id_00")
    assert (status, printed) == (2, "")
    assert "3 rows begin so: 'mimii_baseline/readme/fan id_00/0dB'" in told
    status, _, told = ask(finished, "mimii_baseline/readme/fan id_00/7dB")
    assert (status, "did you mean 'mimii_baseline/readme/fan id_00/6dB'" in told) == (2, True)
    assert ask(finished)[0] == 2
    assert ask(finished, ROW, "--line", "3")[0] == 2


def altered(path):
    old, new = ("simulated", "mimii") if path.name == "all.csv" else ("abnormal", "abnormaI")
    path.write_text(path.read_text().replace(old, new, 1))


def lost(path):
    path.unlink()


def cut(path):
    path.write_bytes(path.read_bytes()[:-2000])


@pytest.fixture(scope="module")
def copy(finished, tmp_path_factory):
    """A copy of the finished workflow, whose files are put back after each harm."""
    return finished.clone(tmp_path_factory.mktemp("why") / "project")


@pytest.mark.parametrize(
    ("harm", "file", "link", "state"),
    [
        (cut, "results/corpus/simulated/6_dB_fan.zip", "clips", "changed"),
        (altered, "results/corpus/index/fan/6dB.csv", "clips", "changed"),
        (lost, "results/audio/ch0/fan/6dB/id_00/normal/00000001.wav", "mix", "changed"),
        (altered, "results/splits/mimii_baseline/fan/6dB/id_00.csv", "split", "changed"),
        (cut, "results/features/logmel64_reflect/ch0/fan/6dB/id_00.h5", "features", "changed"),
        (lost, "results/features/logmel64_reflect/ch0/fan/6dB/id_00.h5", "features", "missing"),
        (cut, f"results/models/{JOB}/model.safetensors", "models", "changed"),
        (altered, f"results/scores/{JOB}/score.csv", "scores", "changed"),
        (lost, f"results/scores/{JOB}/score.csv", "scores", "missing"),
        (altered, "results/tables/all.csv", "tables", "changed"),
    ],
)
def test_a_broken_link_is_named(copy, harm, file, link, state):
    path = copy.folder / file
    before = path.read_bytes()
    harm(path)
    status, found = explained(copy, ROW)
    path.write_bytes(before)
    assert (status, found["proven"]) == (1, False)
    assert broken(found).get(link) == state


def test_a_number_that_the_scores_do_not_give_is_told(clone):
    path = clone.folder / "results/tables/all.csv"
    with path.open() as file:
        rows = list(csv.reader(file))
    (place,) = [n for n, row in enumerate(rows) if row[:4] == ROW.split("/")]
    rows[place][11] = "0.987654"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n")
    status, found = explained(clone, ROW)
    assert status == 1
    assert found["differs_in"] == ["reproduced"]


def test_results_of_another_configuration_or_code_are_told(clone):
    clone.edit("config/tiny.yaml", "max_steps: 10", "max_steps: 11")
    status, found = explained(clone, ROW)
    assert status == 1
    assert {"models", "scores", "tables"} <= broken(found).keys()
    assert not {"clips", "mix", "split", "features"} & broken(found).keys()
    status, printed, _ = ask(clone, ROW)
    assert "the number follows from its files" in printed
    clone.edit("config/tiny.yaml", "max_steps: 11", "max_steps: 10")
    clone.edit("src/mimii_bench/features/logmel.py", "mel += self._eps", "mel += 2 * self._eps")
    status, found = explained(clone, ROW)
    assert broken(found)["features"] == "made otherwise than now"
    assert not {"clips", "mix", "split"} & broken(found).keys()


def test_of_files_without_records_it_is_said(clone):
    for one in (clone.folder / ".snakemake/metadata").iterdir():
        one.unlink()
    status, printed, _ = ask(clone, ROW)
    assert "Snakemake's records tell nothing" in printed
    assert status == 0
