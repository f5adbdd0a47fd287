"""Small archives, made once for all tests of the simulation."""

import pytest

from mimii_bench.corpus.simulate.archives import make_archives

SNRS = ("-6dB", "0dB", "6dB")


@pytest.fixture(scope="session")
def archives(bank_path, tmp_path_factory):
    """Return make(machine, snrs, ids, normal, abnormal, seed): the zips, SNR -> path."""

    def make(machine, snrs=SNRS, ids=("02", "06"), normal=2, abnormal=1, seed=11):
        folder = tmp_path_factory.mktemp(machine)
        paths = {snr: folder / f"{snr}.zip" for snr in snrs}
        make_archives(bank_path, machine, paths, ids, normal, abnormal, seed)
        return paths

    return make


@pytest.fixture(scope="session")
def pump_archives(archives):
    """The zips of two pumps at all SNRs: two normal clips and one abnormal each."""
    return archives("pump")
