"""Ours in `archives`: the zip in a folder indexed, and the log-mel store of each mix written."""

import sys
from pathlib import Path

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.index import read_index, write_index
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.corpus.sources import open_source
from mimii_bench.features.writing import StoreBuilder


def make_stores(folder: Path, out: Path, mixes: list[str]) -> None:
    """Do what two jobs of a run do, of one pass over the members for all mixes."""
    unit = Unit("fan", "-6dB", "00")
    source = open_source(MIMII, folder, unit.machine, unit.snr)
    write_index(source, out / "index.csv")
    clips = read_index(out / "index.csv", unit.id)
    builder = StoreBuilder({"class": "logmel.LogMel", "n_mels": 64})
    builder.build(source, clips, unit.path, {mix: out / f"{mix}/{unit.path}.h5" for mix in mixes})


if __name__ == "__main__":
    make_stores(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
