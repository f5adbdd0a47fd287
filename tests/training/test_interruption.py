"""Where checkpoints stand: one name per training, another one after any change."""

import os

import pytest

from mimii_bench.training.interruption import checkpoint_path, remove_checkpoints


@pytest.fixture
def files(tmp_path):
    for name in ("split.csv", "code.py", "store.h5"):
        (tmp_path / name).write_text(name)
    return tmp_path


def path_of(folder, settings=("dense", 1)):
    read = [folder / "split.csv", folder / "code.py"]
    return checkpoint_path(folder / "seed0.safetensors", settings, read, [folder / "store.h5"])


def test_the_same_training_has_the_same_name_beside_its_weights(files):
    assert path_of(files) == path_of(files)
    assert path_of(files).parent == files
    assert path_of(files).name.startswith("seed0.")


@pytest.mark.parametrize("change", ["settings", "split.csv", "code.py", "store.h5"])
def test_any_change_gives_another_name(files, change):
    before = path_of(files)
    if change == "settings":
        assert path_of(files, ("dense", 2)) != before
    else:
        (files / change).write_text("something else")
        assert path_of(files) != before


def test_a_store_made_again_gives_another_name(files):
    before = path_of(files)
    os.utime(files / "store.h5", (1, 1))
    assert path_of(files) != before


def test_all_checkpoints_of_a_training_are_removed_and_no_others(files):
    old, new = path_of(files, 1), path_of(files, 2)
    parts = [new.with_name(f"{new.name}.0.5"), files / "seed1.0a.checkpoint"]
    for file in (old, new, *parts, files / "seed0.safetensors"):
        file.touch()
    remove_checkpoints(files / "seed0.safetensors")
    left = sorted(file.name for file in files.glob("seed*"))
    assert left == ["seed0.safetensors", "seed1.0a.checkpoint"]
