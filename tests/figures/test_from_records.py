"""Rows of a run's tables are read only as they were written."""

import pytest

from mimii_bench.figures.from_records import read
from mimii_bench.util.checksums import write_sums
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import write_rows, write_sealed


def test_tables_with_checksums_beside_them_and_elsewhere(tmp_path):
    (tmp_path / "checksums").mkdir()
    write_sealed(tmp_path / "a.csv", ["x"], [["1"]])
    write_rows(tmp_path / "b.csv", ["x"], [["2"]])
    sums = tmp_path / "checksums/b.sha256"
    write_sums([tmp_path / "b.csv"], sums)
    parts = [{"table": tmp_path / "a.csv"}, {"table": tmp_path / "b.csv", "sums": sums}]
    assert read(parts) == [[{"x": "1"}], [{"x": "2"}]]
    (tmp_path / "b.csv").write_text("x\n3\n")
    with pytest.raises(UserError, match="not as it was written"):
        read(parts)
