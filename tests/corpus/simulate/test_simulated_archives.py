"""The zips: layout, format, repeatability, nothing half-written."""

import errno
import io
import struct
import zipfile

import numpy as np
import pytest
import soundfile

from mimii_bench.corpus.mimii import MACHINES
from mimii_bench.corpus.simulate import archives as archives_module
from mimii_bench.corpus.simulate import bank as bank_module
from mimii_bench.corpus.simulate import model_module, zipwriter
from mimii_bench.util.errors import UserError
from mimii_bench.util.source import reached
from samples import ROOT


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_members_are_named_and_numbered_as_in_mimii(pump_archives):
    expected = {
        f"pump/id_{id}/{label}/{number:08d}.wav"
        for id in ("02", "06")
        for label, count in (("normal", 2), ("abnormal", 1))
        for number in range(count)
    }
    for path in pump_archives.values():
        with zipfile.ZipFile(path) as archive:
            assert set(archive.namelist()) == expected
            assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_DEFLATED}
            assert archive.testzip() is None


def test_clips_have_the_format_of_mimii_and_do_not_clip(pump_archives):
    for data in members(pump_archives["-6dB"]).values():
        info = soundfile.info(io.BytesIO(data))
        assert (info.channels, info.samplerate, info.frames) == (8, 16_000, 160_000)
        assert info.subtype == "PCM_16"
        samples, _ = soundfile.read(io.BytesIO(data), dtype="int16")
        assert 50 < np.sqrt(np.mean(samples.astype(float) ** 2)) < 1500
        assert np.abs(samples.astype(int)).max() < 32767


def test_same_arguments_give_the_same_bytes(pump_archives, archives):
    again = archives("pump")
    for snr, path in pump_archives.items():
        assert path.read_bytes() == again[snr].read_bytes()


def test_a_subset_of_snrs_gives_the_same_zip(pump_archives, archives):
    alone = archives("pump", snrs=("0dB",))
    assert alone["0dB"].read_bytes() == pump_archives["0dB"].read_bytes()


def test_another_seed_gives_other_clips(pump_archives, archives):
    other = members(archives("pump", snrs=("0dB",), ids=("02",), seed=12)["0dB"])
    mine = members(pump_archives["0dB"])
    assert all(mine[name] != data for name, data in other.items())


def test_clips_of_a_unit_differ_from_each_other(pump_archives):
    clips = list(members(pump_archives["6dB"]).values())
    assert len(set(clips)) == len(clips)


def test_nothing_stays_behind_when_writing_fails(bank_path, tmp_path, monkeypatch):
    calls = iter([b"wav", b"wav"])

    def fail_at_the_third(samples):
        return next(calls)

    monkeypatch.setattr(archives_module, "wav_bytes", fail_at_the_third)
    paths = {snr: tmp_path / f"{snr}.zip" for snr in ("-6dB", "6dB")}
    with pytest.raises(StopIteration):
        archives_module.make_archives(bank_path, "valve", paths, ("00",), 2, 0, 0)
    assert list(tmp_path.iterdir()) == []


def test_an_older_zip_survives_a_failed_run(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"older")
    with pytest.raises(UnicodeEncodeError), zipwriter.zip_writer(path) as archive:
        archive.add("Lüfter.wav", b"data")
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def full_disk(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said_of_the_zip_or_the_bank(tmp_path, monkeypatch):
    with pytest.raises(OSError, match="No space") as zip_error:  # noqa: SIM117
        with zipwriter.zip_writer(tmp_path / "a.zip"):
            full_disk()
    assert zip_error.value.filename == str(tmp_path / "a.zip")
    monkeypatch.setattr(bank_module, "_fill", full_disk)
    with pytest.raises(OSError, match="No space") as bank_error:
        bank_module.make_bank(tmp_path / "bank.h5", 0)
    assert bank_error.value.filename == str(tmp_path / "bank.h5")
    assert list(tmp_path.iterdir()) == []


def simulation_code(script, *modules):
    """The modules of the simulation that a script runs."""
    names = reached(*modules, script=ROOT / f"workflow/scripts/{script}.py")
    modules = {name.split(":")[0] for name in names}
    return {one.split(".")[-1] for one in modules if ".corpus.simulate." in one}


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_s_zips_depend_on_its_own_model_alone(machine):
    used = simulation_code("simulate", model_module(machine))
    assert used & {*MACHINES} == {machine}
    assert used > {"archives", "recording", "mixing", "signals", "zipwriter"}


def test_the_bank_depends_on_no_machine_s_model():
    assert simulation_code("noise_bank") == {"bank", "noise", "room", "signals"}


def test_zip64_is_used_where_32_bits_do_not_do(tmp_path, monkeypatch):
    # Lower limits stand in for an archive of more than 4 GB.
    monkeypatch.setattr(zipwriter, "MAX_32", 100)
    path = tmp_path / "large.zip"
    with zipwriter.zip_writer(path) as archive:
        for number in range(3):
            archive.add(f"{number}.wav", bytes([number]) * 300)
    data = path.read_bytes()
    assert b"PK\x06\x06" in data
    assert b"PK\x06\x07" in data
    # Readers look for the 64-bit offset only behind 0xFFFFFFFF: put it where 100 stands.
    wide = b"\xff" * 4
    monkeypatch.undo()
    end = data.rfind(b"PK\5\6")
    patched = bytearray(data)
    patched[end + 16 : end + 20] = wide
    position = struct.unpack_from("<Q", data, data.rfind(b"PK\6\6") + 48)[0]
    for _ in range(3):
        name, extra = struct.unpack_from("<HH", data, position + 28)
        if extra:
            patched[position + 42 : position + 46] = wide
        position += 46 + name + extra
    path.write_bytes(bytes(patched))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read("2.wav") == bytes([2]) * 300


def test_a_file_that_is_no_bank_is_named(tmp_path):
    path = tmp_path / "bank.h5"
    path.write_bytes(b"no bank")
    with pytest.raises(UserError, match=r"bank\.h5"):
        archives_module.make_archives(path, "fan", {}, ("00",), 1, 0, 0)
