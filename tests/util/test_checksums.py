"""Pipes and devices in the place of files that have a checksum: refused, not waited for."""

import os

import pytest

from mimii_bench.util.checksums import Sums, beside, file_checksum, read_verified, verify
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_sealed


@pytest.mark.parametrize("read", [read_verified, verify, file_checksum, read_sealed])
def test_what_has_no_end_is_refused(read, tmp_path):
    pipe, device = tmp_path / "pipe", tmp_path / "device"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for path in (pipe, device):
        beside(path).write_text(f"{'0' * 64}  {path.name}\n")
        with pytest.raises(UserError, match=f"{path}: it is a pipe or device; delete"):
            read(path)


def test_a_list_that_is_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "SHA256SUMS")
    with pytest.raises(UserError, match="SHA256SUMS: it is a pipe or device"):
        Sums.of_folder(tmp_path)
