"""The whole path on genuine MIMII clips, packed as a partial corpus, and on DCASE clips."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
import soundfile

pytestmark = pytest.mark.whole

MACHINES = ("fan", "pump", "slider", "valve")


def pack(recordings: Path, folder: Path) -> None:
    """Pack the FLACs below `{snr}/{machine}/id_../{label}` as MIMII's zips of 16-bit WAVs."""
    folder.mkdir(parents=True)
    for machine in sorted(recordings.glob("*dB/*")):
        name = f"{machine.parent.name.removesuffix('dB')}_dB_{machine.name}.zip"
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for clip in sorted(machine.rglob("*.flac")):
                samples, rate = soundfile.read(clip, dtype="int16")
                wav = io.BytesIO()
                soundfile.write(wav, samples, rate, format="WAV", subtype="PCM_16")
                member = clip.relative_to(machine.parent).with_suffix(".wav")
                archive.writestr(str(member), wav.getvalue())


def configure(project, text: str, reports: str = "[mimii_baseline, eurecom_vae, gamma_ae]") -> None:
    text += f"reports: {reports}\n"
    (project.folder / "config/real.yaml").write_text(text)


def rows_of(project, name: str) -> list[dict[str, str]]:
    with (project.folder / "results/tables" / name).open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def real(real_recordings, project_class, tmp_path_factory):
    """A finished run on the genuine 8-channel clips."""
    project = project_class.fresh(tmp_path_factory.mktemp("real") / "project", "config/real.yaml")
    pack(real_recordings / "mimii", project.folder / "data/mimii")
    configure(project, "corpus: mimii\nmimii: {archives: own}\n")
    project.printed = project.run()
    return project


def test_every_unit_of_the_partial_corpus_gets_an_auc(real):
    rows = [row for row in rows_of(real, "all.csv") if row["table"] == "readme"]
    scored = {(r["machine"], r["snr"], r["id"]) for r in rows if r["reproduced"]}
    assert len(scored) == 17
    assert scored == {(m, "-6dB", i) for m in MACHINES for i in ("00", "02", "04", "06")} | {
        ("fan", "0dB", "00")
    }
    assert all(0 <= float(row["reproduced"]) <= 1 for row in rows if row["reproduced"])


def test_own_archives_are_never_said_to_agree(real):
    rows = rows_of(real, "all.csv")
    assert {row["corpus"] for row in rows if row["reproduced"]} == {"own"}
    # Weights are counted in the networks, whatever the recordings.
    measured = [row for row in rows if row["metric"] != "parameters"]
    assert not {row["status"] for row in measured} & {"agrees", "differs"}


def test_what_the_corpus_lacks_is_said(real):
    rows = rows_of(real, "missing.csv")
    missing = [row["missing"] for row in rows if row["report"] == "mimii_baseline"]
    assert len([line for line in missing if re.match(r"\w+/\w+dB/id_", line)]) == 48 - 17
    assert any("the recordings count as own, since" in line for line in missing)
    assert "fan/0dB/id_02: not in data/mimii/0_dB_fan.zip" in missing
    assert re.search(
        r"^missing for .*: \d+ units: .*not in data/mimii/", real.printed, re.MULTILINE
    )


def test_no_mix_of_the_real_corpus_is_written(real):
    assert not list(real.folder.glob("results/audio/**/*.wav"))
    assert len(list(real.folder.glob("results/features/logmel64_reflect/**/*.h5"))) == 17


def test_altered_published_archive_is_refused(real, tmp_path):
    project = real.clone(tmp_path / "project")
    configure(project, "corpus: mimii\n")
    result = project.snakemake()
    assert result.returncode != 0
    assert re.search(r"data/mimii/\S+_dB_\w+\.zip is altered \(MD5", result.stdout)


def test_truncated_archive_is_refused_before_any_job(real, tmp_path):
    project = real.clone(tmp_path / "project")
    archive = project.folder / "data/mimii/-6_dB_fan.zip"
    archive.write_bytes(archive.read_bytes()[:1_000_000])
    result = project.snakemake()
    assert result.returncode != 0
    assert "-6_dB_fan.zip: truncated or not a zip" in result.stdout
    assert not re.search(r"^\d+ jobs$", result.stdout, re.MULTILINE)


def test_dcase_folder_goes_through_audio(real_recordings, project_class, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dcase") / "project"
    project = project_class.fresh(folder, "config/real.yaml")
    layout = f"{{folder: {real_recordings}/dcase2020, layout: dcase2020, keep_mixes: true}}"
    configure(project, f"corpus: mimii\nmimii: {layout}\n")
    project.run("results/audio/ch0/fan/-6dB/id_06", "results/tables/all.csv")
    assert len(list(folder.glob("results/audio/ch0/fan/-6dB/id_06/*/test_*.wav"))) == 5
    assert {row["status"] for row in rows_of(project, "all.csv")} == {"published_only"}
    said = [row["missing"] for row in rows_of(project, "missing.csv")]
    assert "fan/-6dB/id_00: no normal clips in train/ under the split matched_test" in said
    # A few genuine clips are not the published set.
    assert any(
        re.search(r"count as own, since fan/-6dB/id_00 has \d+ \w+ clips", line) for line in said
    )


#: A classical system, two autoencoders, a supervised one, and one that some units are too few for.
ROWS = "[knn_mean, baseline_ae, two_mics_0_4, ims_cnn, id_complex_deep]"


def test_every_report_and_the_leaderboard_run_on_what_the_partial_corpus_holds(real, tmp_path):
    project = real.clone(tmp_path / "project")
    settings = [
        "corpus: mimii",
        "mimii: {archives: own}",
        "budgets: {demo: {max_steps: 5, seeds: 1, bootstrap: 100}}",
        "jobs: {training: system}",
        f"leaderboard: {{seeds: 1, rows: {ROWS}}}\n",
    ]
    reports = sorted(path.parent.name for path in project.folder.glob("reports/*/report.yaml"))
    configure(project, "\n".join(settings), f"[{', '.join(reports)}]")
    project.run("all", "results/tables/leaderboard.csv")
    with_ours = {row["report"] for row in rows_of(project, "all.csv") if row["reproduced"]}
    # The 17 units hold no fan at 6 dB.
    assert with_ours == set(reports) - {"gamma_ae"}
    ranked = {row["system"] for row in rows_of(project, "leaderboard.csv")}
    assert {"knn_mean", "two_mics_0_4:mse_alpha_0.5", "fusion", "ims_cnn"} <= ranked
    page = (project.folder / "results/tables/leaderboard.md").read_text()
    assert "Left out: id_complex_deep: fan/0dB/id_00 has no other id" in page
