"""What a wrong configuration or a damaged file is answered with: one line, the place, the mend."""

import zipfile

import pytest

WRONG = [
    (
        "corpus=mimi",
        "config.yaml: corpus: 'mimi' is not one of simulated, mimii; did you mean mimii?",
    ),
    ("budgett=full", "config.yaml: unknown key 'budgett'; allowed: corpus, results, run, budget"),
    (
        "reports=[mimi_baseline]",
        "no report 'mimi_baseline'; there are complex_net, eurecom_vae, gamma_ae, ",
    ),
    ("threads_per_job=0", "config.yaml: threads_per_job: 0 is less than the minimum of 1"),
    ("on_the_fly=[mfcc]", "config.yaml: on_the_fly: 'mfcc' is not one of "),
    ("corpus=mimii", "mimii.folder: data/mimii does not exist; set it to where the recordings"),
]


@pytest.mark.parametrize(("setting", "answer"), WRONG)
def test_wrong_configuration_is_named(project_class, tmp_path, setting, answer):
    project = project_class.fresh(tmp_path / "project")
    result = project.snakemake("--dry-run", "--config", setting)
    assert result.returncode != 0
    assert answer in result.stdout


def test_a_file_that_snakemake_could_not_read_is_named_before_it_tries(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    (project.folder / "mine.yaml").write_bytes("corpus: simulated".encode("utf-16"))
    result = project.snakemake("--dry-run", "--configfile", "mine.yaml")
    assert result.returncode != 0
    assert "mine.yaml: line 1: the file is in UTF-16; save it as UTF-8" in result.stdout
    assert "Traceback" not in result.stdout


def test_a_wrong_option_in_a_report_is_named_before_any_job(project_class, tmp_path):
    project = project_class.fresh(tmp_path / "project")
    project.edit("reports/mimii_baseline/report.yaml", "learning_rate: 0.001", "learning_rat: 1")
    result = project.snakemake("--dry-run")
    assert result.returncode != 0
    answer = "report.yaml: systems.dense_ae.options.learning_rat: DenseAutoencoder has no such "
    assert answer in result.stdout
    assert "Traceback" not in result.stdout


def test_damaged_member_is_named_and_nothing_stays(clone):
    archive = clone.folder / "results/corpus/simulated/6_dB_fan.zip"
    with zipfile.ZipFile(archive) as directory:
        member = directory.getinfo("fan/id_00/normal/00000003.wav")
    data = bytearray(archive.read_bytes())
    data[member.header_offset + member.compress_size // 2] ^= 0xFF
    archive.write_bytes(data)
    result = clone.snakemake("results/audio/mono/fan/6dB/id_00")
    assert result.returncode != 0
    assert f"6_dB_fan.zip: {member.filename} is damaged; delete the zip" in result.stdout
    assert not list((clone.folder / "results/audio").glob("mono/**/*.wav"))


def test_diverging_training_names_the_unit(clone):
    clone.edit(
        "reports/mimii_baseline/report.yaml", "learning_rate: 0.001", "learning_rate: 1.0e+30"
    )
    result = clone.snakemake("--keep-going")
    assert result.returncode != 0
    line = "fit_and_score mimii_baseline dense_ae fan/seed0: fan/-6dB/id_00: the loss became"
    assert line in result.stdout
    assert "lower learning_rate in the report's report.yaml" in result.stdout
    assert not list(clone.folder.glob("results/models/**/*.safetensors"))
