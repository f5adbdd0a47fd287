"""The DCASE sets' names of files, and what lies in their folders."""

import pytest

from mimii_bench.corpus.base import ANY, Clip, Unit
from mimii_bench.corpus.dcase import DCASE, clip_since_2021
from mimii_bench.corpus.inventory import take_inventory
from mimii_bench.corpus.sources import open_source
from samples import write_files

NAMES = {
    "train/section_00_source_train_normal_0000_strength_1_ambient.wav": Clip(
        "normal/train_source_0000", "00", "normal", "train", "", "source", "strength_1_ambient"
    ),
    "train/section_00_target_train_normal_0000_m-n_X.wav": Clip(
        "normal/train_target_0000", "00", "normal", "train", "", "target", "m-n_X"
    ),
    "test/section_02_target_test_anomaly_0049.wav": Clip(
        "abnormal/test_target_0049", "02", "abnormal", "test", "", "target", ""
    ),
    "source_test/section_01_source_test_normal_0007.wav": Clip(
        "normal/test_source_0007", "01", "normal", "test", "", "source", ""
    ),
}
OTHERS = (
    "attributes_00.csv",
    "test/section_03_source_test_0000.wav",
    "test/section_03_0000.wav",
    "train/normal_id_00_00000000.wav",
    "supplemental/section_00_source_supplemental_normal_0000_clean.wav",
)


@pytest.mark.parametrize(("name", "clip"), NAMES.items())
def test_a_name_tells_section_domain_part_label_and_attributes(name, clip):
    assert clip_since_2021(*name.split("/")) == clip._replace(member=name)


@pytest.mark.parametrize("name", OTHERS)
def test_what_has_no_label_or_stands_elsewhere_is_no_clip(name):
    folder, _, file = name.rpartition("/")
    assert clip_since_2021(folder, file) is None


def test_a_set_since_2021_runs_as_it_is_found(tmp_path):
    write_files(tmp_path / "gearbox", [*NAMES, *OTHERS])
    (tmp_path / "notes").mkdir()
    corpus = DCASE["dcase2022"]
    inventory = take_inventory(corpus, tmp_path, "mimii.folder")
    assert list(inventory.units) == [Unit("gearbox", ANY, id) for id in ("00", "01", "02")]
    assert (inventory.corpus, inventory.channels, inventory.sample_rate) == ("own", 1, 16_000)
    assert inventory.missing == {}
    assert inventory.unused == [
        f"{tmp_path}/gearbox: 2 test clip(s) without a label, which test where eval_data_list.csv "
        f"lies in {tmp_path} (docs/dcase.md)",
        f"{tmp_path}/gearbox: 2 files or folders are no recording of it, e.g. "
        "supplemental/section_00_source_supplemental_normal_0000_clean.wav; not used",
        f"{tmp_path}: 1 file or folder is no recording of it, e.g. notes; not used",
    ]
    source = open_source(corpus, tmp_path, "gearbox", ANY)
    with source.open() as reader:
        for clip in source.clips():
            assert reader.read(clip.member) == clip.member.encode()


def test_the_length_is_the_machine_s_own_since_2023():
    lengths = {name: corpus.samples for name, corpus in DCASE.items()}
    assert [name for name, samples in lengths.items() if samples == 160_000] == [
        "dcase2020",
        "dcase2021",
        "dcase2022",
    ]
    assert {lengths[f"dcase{year}"] for year in (2023, 2024, 2025)} == {None}
