"""The table of recordings, from folders of WAVs to what a split reads."""

import numpy as np
import pytest

from mimii_bench.audio.recordings import write_recordings
from mimii_bench.audio.sounds import in_folder
from mimii_bench.audio.wav import write_float
from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.mimii import SAMPLE_RATE
from mimii_bench.splits.base import read_recordings
from mimii_bench.util.errors import UserError

QUIET, LOUD = Unit("fan", "6dB", "00"), Unit("fan", "-6dB", "00")


def write_unit(folder, clips, snr_db, label="normal"):
    """WAVs of recordings by their seeds, number 0 first, each with other noise."""
    (folder / label).mkdir(parents=True)
    for number, seed in enumerate(clips):
        machine = np.random.default_rng(seed).normal(size=8000)
        noise = np.random.default_rng((seed, int(100 + snr_db))).normal(size=8000)
        samples = 0.05 * (machine + noise * 10 ** (-snr_db / 20))
        path = folder / label / f"{number:08d}.wav"
        write_float(path, samples.astype(np.float32), SAMPLE_RATE)
    return in_folder(folder)


def test_recordings_are_found_under_other_names(tmp_path):
    folders = {
        QUIET: write_unit(tmp_path / "6dB", [7, 8, 9], 6),
        LOUD: write_unit(tmp_path / "-6dB", [1, 7, 8], -6),
    }
    (tmp_path / "6dB/.snakemake_timestamp").touch()
    told = write_recordings(folders, tmp_path / "recordings.csv")
    found = read_recordings(tmp_path / "recordings.csv")
    called = {unit: [found[unit, f"normal/{k:08d}"] for k in range(3)] for unit in folders}
    assert called[QUIET][:2] == called[LOUD][1:]
    assert len({*called[QUIET], *called[LOUD]}) == 4
    assert called[QUIET][0] == "fan/00/6dB/normal/00000000"
    assert len(told) == 1
    assert told[0].startswith("fan/id_00, normal: 6 clips are 4 recordings: 67% of the possible")


def test_what_content_does_not_tell_names_do(tmp_path):
    """Number 1 of both matches nothing; number 0 of one is 2 of the other, whatever its name."""
    folders = {
        QUIET: write_unit(tmp_path / "6dB", [1, 2], 6),
        LOUD: write_unit(tmp_path / "-6dB", [3, 4, 1], -6),
    }
    write_recordings(folders, tmp_path / "recordings.csv")
    found = read_recordings(tmp_path / "recordings.csv")
    zero, one, two = (f"normal/0000000{k}" for k in range(3))
    assert found[QUIET, one] == found[LOUD, one] == f"fan/00/{one}"
    assert found[QUIET, zero] == found[LOUD, two] != found[LOUD, zero]


def test_ids_and_labels_share_no_recording(tmp_path):
    folders = {
        QUIET: write_unit(tmp_path / "00", [1, 2], 6),
        QUIET._replace(id="02"): write_unit(tmp_path / "02", [1, 2], 6),
    }
    write_unit(tmp_path / "00", [1, 2], 6, "abnormal")  # of one id, and so at one SNR only
    assert len(write_recordings(folders, tmp_path / "recordings.csv")) == 3
    found = read_recordings(tmp_path / "recordings.csv")
    assert len(found) == len(set(found.values())) == 6


def test_a_label_that_one_snr_lacks_is_no_obstacle(tmp_path):
    folders = {
        QUIET: write_unit(tmp_path / "6dB", [1, 2], 6),
        LOUD: write_unit(tmp_path / "-6dB", [1, 2], -6),
    }
    write_unit(tmp_path / "6dB", [3], 6, "abnormal")
    write_recordings(folders, tmp_path / "recordings.csv")
    assert len(set(read_recordings(tmp_path / "recordings.csv").values())) == 3


def test_a_damaged_wav_is_named_and_nothing_is_written(tmp_path):
    heard = write_unit(tmp_path / "6dB", [1, 2], 6)
    (tmp_path / "6dB/normal/00000001.wav").write_bytes(b"RIFF")
    with pytest.raises(UserError, match=r"normal/00000001\.wav"):
        write_recordings({QUIET: heard}, tmp_path / "recordings.csv")
    assert not (tmp_path / "recordings.csv").exists()
