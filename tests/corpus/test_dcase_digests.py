"""The samples by which the published DCASE set is known, against genuine clips of it."""

import pytest

from mimii_bench.corpus.dcase import DIGESTS_2020
from mimii_bench.corpus.identity import samples_digest
from samples import ROOT

CLIPS = ROOT.parent / "shared" / "data" / "dcase2020"


@pytest.mark.parametrize(("machine", "id"), sorted(DIGESTS_2020))
def test_a_genuine_clip_has_the_samples_that_are_known(machine, id):
    if not CLIPS.is_dir():
        pytest.skip("needs genuine clips in ../shared/data/dcase2020, which are never committed")
    name, digest = DIGESTS_2020[machine, id]
    label, _, rest = name.partition("/test_")
    assert (
        samples_digest((CLIPS / machine / f"test/{label}_id_{id}_{rest}.flac").read_bytes())
        == digest
    )
