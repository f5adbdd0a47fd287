"""Made-up sets of all editions of DCASE Task 2: their files, ground truth and attributes."""

import numpy as np
import pytest

from mimii_bench.corpus.attributes import read_attributes
from mimii_bench.corpus.base import Clip, Unit
from mimii_bench.corpus.catalog import configured
from mimii_bench.corpus.dcase import DCASE
from mimii_bench.corpus.ground_truth import read_truths
from mimii_bench.corpus.inventory import take_inventory
from mimii_bench.util.errors import UserError
from samples import wav_bytes

WAV = wav_bytes(np.zeros((160, 1), np.int16))

#: Of each edition: files of a development set, of an evaluation set, and the ground truth of that.
TREES = {
    2020: (
        [
            "fan/train/normal_id_00_00000000.wav",
            "fan/test/normal_id_00_00000000.wav",
            "fan/test/anomaly_id_00_00000000.wav",
        ],
        ["fan/train/normal_id_01_00000000.wav"],
        {
            "fan/test/id_01_00000000.wav": "normal_id_01_00000098.wav,0",
            "fan/test/id_01_00000001.wav": "anomaly_id_01_00000064.wav,1",
        },
    ),
    2021: (
        [
            "fan/train/section_00_source_train_normal_0000_strength_1_ambient.wav",
            "fan/train/section_00_target_train_normal_0000_strength_2_ambient.wav",
            "fan/source_test/section_00_source_test_normal_0000.wav",
            "fan/target_test/section_00_target_test_anomaly_0000.wav",
        ],
        ["fan/train/section_03_source_train_normal_0000_strength_1_ambient.wav"],
        {
            "fan/source_test/section_03_source_test_0000.wav": (
                "section_03_source_test_anomaly_0000.wav"
            ),
            "fan/target_test/section_03_target_test_0000.wav": (
                "section_03_target_test_normal_0000.wav"
            ),
        },
    ),
    2022: (
        [
            "fan/train/section_00_source_train_normal_0000_m-n_W.wav",
            "fan/train/section_00_target_train_normal_0000_m-n_X.wav",
            "fan/test/section_00_source_test_normal_0000_m-n_W.wav",
            "fan/test/section_00_target_test_anomaly_0000_m-n_X.wav",
        ],
        ["fan/train/section_03_source_train_normal_0000_m-n_W.wav"],
        {
            "fan/test/section_03_0000.wav": "section_03_source_test_normal_0007_m-n_W.wav",
            "fan/test/section_03_0001.wav": "section_03_target_test_anomaly_0007_m-n_Z.wav",
        },
    ),
    2023: (
        [
            "fan/train/section_00_source_train_normal_0000_m-n_W.wav",
            "fan/test/section_00_target_test_anomaly_0000_m-n_X.wav",
        ],
        ["Vacuum/train/section_00_source_train_normal_0000_car_A2.wav"],
        {
            "Vacuum/test/section_00_0198.wav": "section_00_source_test_normal_0009_car_A2.wav",
            "Vacuum/test/section_00_0005.wav": "section_00_target_test_anomaly_0009_car_A2.wav",
        },
    ),
    2024: (
        ["gearbox/train/section_00_source_train_normal_0000_noAttribute.wav"],
        ["3DPrinter/train/section_00_target_train_normal_0000_mdl_B.wav"],
        {
            "3DPrinter/test/section_00_0001.wav": "section_00_target_test_anomaly_0001_mdl_B.wav",
            # So in the published list: no word test.
            "3DPrinter/test/section_00_0003.wav": "section_00_source_normal_0003_mdl_A.wav",
        },
    ),
    2025: (
        ["bearing/train/section_00_source_train_normal_0000_noAttribute.wav"],
        ["AutoTrash/train/section_00_source_train_normal_0000_noAttribute.wav"],
        {
            "AutoTrash/test/section_00_0000.wav": (
                "section_00_target_test_anomaly_0012_id_C1_spd_2_mic_2.wav"
            ),
            "AutoTrash/test/section_00_0002.wav": "section_00_source_test_normal_0031_id_B2.wav",
        },
    ),
}
SUPPLEMENTAL = ("section_00_machine_0001_noAttribute.wav", "section_00_noise_source_0002_a_1.wav")


def write(folder, names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(WAV)


def listed(truths):
    """Return a list of evaluation data as the organisers publish it."""
    lines, machine = [], ""
    for path, labelled in truths.items():
        if path.split("/")[0] != machine:
            machine = path.split("/")[0]
            lines.append(machine)
        lines.append(f"{path.split('/')[-1]},{labelled}")
    return "\n".join(lines) + "\n"


def inventory(year, folder):
    return take_inventory(DCASE[f"dcase{year}"], folder, "mimii.folder")


def evaluated(found):
    """Return (label, domain, attributes) of the test clips by the files they lie in."""
    return {
        f"{unit.machine}/{clip.member}": (clip.label, clip.domain, clip.attributes)
        for unit, clips in found.units.items()
        for clip in clips
        if clip.part == "test"
    }


@pytest.mark.parametrize("year", TREES)
def test_an_edition_is_read_whole(year, tmp_path):
    development, training, truths = TREES[year]
    write(tmp_path, [*development, *training, *truths])
    (tmp_path / f"eval_data_list_{year}.csv").write_text(listed(truths))
    found = inventory(year, tmp_path)
    assert found.unused == []
    clips = [clip for clips in found.units.values() for clip in clips]
    assert len(clips) == len(development) + len(training) + len(truths)
    assert {clip.part for clip in clips} == {"train", "test"}
    assert not any("noAttribute" in clip.attributes for clip in clips)
    told = evaluated(found)
    for path, labelled in truths.items():
        label, domain, attributes = told[path]
        assert label == ("abnormal" if "anomaly" in labelled else "normal")
        assert domain == next((one for one in ("source", "target") if one in labelled), "")
        assert attributes in labelled
        assert bool(attributes) == (year > 2021)


@pytest.mark.parametrize("year", TREES)
def test_without_a_ground_truth_evaluation_clips_are_named_and_do_not_test(year, tmp_path):
    _, training, truths = TREES[year]
    write(tmp_path, [*training, *truths])
    found = inventory(year, tmp_path)
    assert evaluated(found) == {}
    (line,) = found.unused
    assert "2 test clip(s) without a label, which test where eval_data_list.csv lies in" in line


def test_names_of_evaluation_clips_are_those_of_their_own_files(tmp_path):
    """The labelled names of two files may have one number: it is another one's."""
    _, training, truths = TREES[2023]
    write(tmp_path, [*training, *truths])
    (tmp_path / "eval_data_list.csv").write_text(listed(truths))
    clips = inventory(2023, tmp_path).units[Unit("Vacuum", "any", "00")]
    assert [clip.name for clip in clips if clip.part == "test"] == [
        "abnormal/test_target_0005",
        "normal/test_source_0198",
    ]


@pytest.mark.parametrize("year", [2021, 2022, 2023, 2024, 2025])
def test_the_files_of_the_evaluators_tell_the_same(year, tmp_path):
    _, training, truths = TREES[year]
    write(tmp_path, [*training, *truths])
    for path, labelled in truths.items():
        machine, _, file = path.split("/")
        section, domain = file.split("_")[1], f"_{file.split('_')[2]}" if year == 2021 else ""
        name = f"ground_truth_{machine}_section_{section}{domain}_test.csv"
        facts = {"ground_truth_data": "anomaly" in labelled}
        if year > 2021:
            facts["ground_truth_domain"] = "target" in labelled
        for folder, fact in facts.items():
            (tmp_path / folder).mkdir(exist_ok=True)
            with (tmp_path / folder / name).open("a") as table:
                table.write(f"{file},{int(fact)}\n")
    by_evaluator = evaluated(inventory(year, tmp_path))
    (tmp_path / "eval_data_list.csv").write_text(listed(truths))
    by_both = evaluated(inventory(year, tmp_path))
    assert {path: fact[:2] for path, fact in by_both.items()} == {
        path: fact[:2] for path, fact in by_evaluator.items()
    }
    assert len(by_evaluator) == 2


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"eval_data_list.csv": "fan\na.wav,b.wav\n"}, "line 2: no line of a list of evaluation"),
        (
            {"eval_data_list.csv": "fan\nid_01_0.wav,normal_id_01_0.wav,1\n"},
            "line 2: no line of a list of evaluation",
        ),
        (
            {
                "eval_data_list.csv": "fan\nsection_03_0.wav,section_03_source_test_normal_0.wav\n",
                "eval_data_list_2.csv": (
                    "fan\nsection_03_0.wav,section_03_source_test_anomaly_0.wav\n"
                ),
            },
            "section_03_0.wav of fan is abnormal source, and elsewhere normal source",
        ),
        (
            {"ground_truth_data/ground_truth_fan_section_03_test.csv": "section_03_0.wav,1\n"},
            "tells no domain of section_03_0.wav; put the folder ground_truth_domain",
        ),
        (
            {"ground_truth_data/ground_truth_fan_section_03_test.csv": "section_03_0.wav,2\n"},
            "line 1: '2' is not 0 or 1",
        ),
        (
            {"ground_truth_data/ground_truth_fan_section_03_test.csv": "section_03_0.wav\n"},
            "line 1: 1 fields, not a file and 0 or 1",
        ),
    ],
)
def test_a_ground_truth_that_is_none_is_refused(files, message, tmp_path):
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    with pytest.raises(UserError, match=message):
        read_truths(tmp_path, "fan")
    assert read_truths(tmp_path, "pump") == {}


def test_a_job_knows_when_the_ground_truth_says_another_thing(tmp_path):
    _, training, truths = TREES[2022]
    write(tmp_path / "set", [*training, *truths])
    path = tmp_path / "set/eval_data_list.csv"
    block = {"folder": str(tmp_path / "set"), "layout": "dcase2022", "archives": "published"}
    config = {"corpus": "mimii", "mimii": {**block, "download": False, "keep_mixes": False}}

    def told():
        return configured(config, tmp_path).clips_there("fan", "any")

    before = told()
    path.write_text(listed(truths))
    with_truth = told()
    path.write_text(listed(truths).replace("source_test_normal", "source_test_anomaly"))
    assert len({before, with_truth, told()}) == 3


def test_supplemental_clips_are_told_from_other_files(tmp_path):
    development = TREES[2025][0]
    write(tmp_path, [*development, *(f"bearing/supplemental/{name}" for name in SUPPLEMENTAL)])
    write(tmp_path, ["bearing/supplemental/other.wav"])
    assert inventory(2025, tmp_path).unused == [
        f"{tmp_path}/bearing: 2 supplemental clip(s), of the machine or the noise alone, neither "
        "train nor test",
        f"{tmp_path}/bearing: 1 file or folder is no recording of it, e.g. "
        "supplemental/other.wav; not used",
    ]


def test_attributes_come_from_the_table_where_names_tell_none(tmp_path):
    names = ["train/section_00_source_train_normal_0000.wav", "train/section_00_source_train_normal"
             "_0001_vel_9.wav"]  # fmt: skip
    write(tmp_path / "bearing", names)
    (tmp_path / "bearing/attributes_00.csv").write_text(
        "file_name,d1p,d1v,d2p,d2v\n"
        f"bearing/{names[0]},vel,6,loc,A\n"
        f"bearing/{names[1]},vel,1,,\n"
        "bearing/test/section_00_0000.wav,noAttribute,,,\n"
    )
    assert read_attributes(tmp_path / "bearing") == {names[0]: "vel_6_loc_A", names[1]: "vel_1"}
    found = inventory(2022, tmp_path)
    assert found.unused == []
    (clips,) = found.units.values()
    assert [clip.attributes for clip in clips] == ["vel_6_loc_A", "vel_9"]
    assert clips[0] == Clip(
        "normal/train_source_0000", "00", "normal", "train", names[0], "source", "vel_6_loc_A"
    )


def test_a_table_of_attributes_without_files_is_refused(tmp_path):
    (tmp_path / "attributes_00.csv").write_text("name,d1p\na.wav,vel\n")
    with pytest.raises(UserError, match="no column file_name"):
        read_attributes(tmp_path)
