"""Damage between two runs: the next one ends with the file and the mend, and `verify` finds it."""

import shutil

import pytest

SCORES = "results/scores/mimii_baseline/dense_ae/fan/seed0"
CASES = {
    "score": (f"{SCORES}/6dB/id_00/score.csv", SCORES),
    "split": ("results/splits/mimii_baseline/fan/6dB/id_00.csv",) * 2,
    "store": ("results/features/logmel64_reflect/ch0/fan/6dB/id_00.h5",) * 2,
}

RULES = {"score": "report_tables", "split": "fit_and_score", "store": "fit_and_score"}


@pytest.mark.whole
@pytest.mark.parametrize("kind", list(CASES))
def test_the_words_of_the_error_mend_it(kind, clone):
    path, remade = CASES[kind]
    tables = clone.read("results/tables/all.csv")
    file = clone.folder / path
    data = bytearray(file.read_bytes())
    data[-10] ^= 1
    file.write_bytes(data)
    found = clone.snakemake("verify")
    assert found.returncode != 0
    assert f"{path}: " in found.stdout
    assert "1 damaged file(s)" in found.stdout
    # Snakemake looks at the date of a folder, not of what lies inside.
    again = clone.snakemake("--forcerun", RULES[kind])
    assert again.returncode != 0
    assert f"delete {remade} and run again" in again.stdout
    gone = clone.folder / remade
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    # The failed job's outputs are gone, below tables that are still true: that is said.
    said = clone.run()
    assert clone.read("results/tables/all.csv") == tables
    assert "tables are there, but not all that they were made of" in said
    clone.run("reports", "all")
    assert clone.read("results/tables/all.csv") == tables
    assert "not all that they were made of" not in clone.run()
    clone.run("verify")
