"""What jobs that read recordings depend on."""

from pathlib import Path

import pytest

from mimii_bench.corpus.catalog import configured
from mimii_bench.corpus.mimii import COUNTS
from mimii_bench.planning.corpus_files import CorpusFiles
from mimii_bench.planning.paths import Paths
from mimii_bench.util.errors import UserError
from projects import named
from samples import write_mimii_zip


@pytest.fixture
def files_of(tmp_path):
    """A function that returns the files of a published unit, its zips published or one's own."""
    write_mimii_zip(tmp_path, "slider", "-6dB", ["06"], *COUNTS["slider", "06"])

    def of(archives):
        block = {"folder": str(tmp_path), "layout": "zip", "download": False}
        block |= {"archives": archives, "keep_mixes": False}
        corpus = configured({"corpus": "mimii", "mimii": block}, Path("results"))
        return CorpusFiles(corpus, Paths("results"))

    return of


def test_what_is_called_mimii_is_read_behind_the_receipt_of_its_md5(files_of):
    """The names and counts are right, the bytes are not: the job that makes the receipt fails."""
    files = files_of("published")
    assert files.corpus.name == "mimii"
    wildcards = named(machine="slider", snr="-6dB")
    assert files.files(wildcards) == files.receipt("-6_dB_slider")
    with pytest.raises(UserError, match="altered"):
        files.corpus.published_archive("-6_dB_slider.zip")


def test_zips_of_one_s_own_have_no_receipt_and_another_name(files_of):
    files = files_of("own")
    assert files.corpus.name == "own"
    assert files.files(named(machine="slider", snr="-6dB")) == []
    assert files.state(named(machine="slider", snr="-6dB", id="00"))
