"""All systems of report complex-net, as report.yaml has them, on genuine clips at -6 dB."""

import numpy as np
import pytest
import soundfile
import yaml

from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.features.build import build_feature
from mimii_bench.util import plugins
from samples import ROOT

pytestmark = pytest.mark.whole

MACHINES = ("fan", "pump", "slider", "valve")
IDS = ("00", "02", "04", "06")
SPEC = yaml.safe_load((ROOT / "reports/complex_net/report.yaml").read_text())
#: Not the report's: 2 steps of 2 segments, for these are minutes otherwise.
BUDGET = {"max_steps": 2, "batch_size": 2}


@pytest.fixture(scope="module")
def recordings(real_recordings):
    """The 24 normal clips of every machine, as their path's machine and id and the samples."""
    found = {}
    for machine in MACHINES:
        paths = sorted((real_recordings / "mimii/-6dB" / machine).glob("id_*/normal/*.flac"))
        assert len(paths) == 24
        ids = np.array([path.parts[-3].removeprefix("id_") for path in paths])
        clips = [soundfile.read(path, dtype="int16")[0] for path in paths]
        found[machine] = (ids, clips)
    return found


@pytest.fixture(scope="module")
def spectra(recordings):
    """Every feature of every machine's clips, (clip, frame, bin), computed once."""
    known = {}

    def of(machine, feature, mix):
        key = (machine, feature, mix)
        if key not in known:
            made = build_feature(SPEC["features"][feature], 16_000)
            channels = [apply_mix(parse_mix(mix), clip) for clip in recordings[machine][1]]
            known[key] = np.stack([made.transform(samples) for samples in channels])
        return known[key]

    return of


@pytest.mark.parametrize("name", SPEC["systems"])
def test_real_clips_go_through(name, recordings, spectra):
    system_spec = SPEC["systems"][name]
    (source,) = system_spec["inputs"]
    assert source["mix"] == "ch0"
    scores = []
    for machine, (ids, _) in recordings.items():
        frames = spectra(machine, **source)
        assert frames.shape[:2] == (24, 313)
        options = system_spec["options"] | BUDGET
        system = plugins.load("systems", system_spec["class"])(**options, seed=1)
        system.fit(frames, ids)
        assert system.ids == list(IDS)
        assert np.isfinite(system.history_[0].loss)
        one_per_id = [(frames[place], ids[place]) for place in range(0, 24, 6)]
        found = system.score(one_per_id)
        assert np.isfinite(system.embed(one_per_id[:1])).all()
        assert (found["score"] > 0).all()
        assert set(found["misidentified"]) <= {0, 1}
        scores.append(found["score"])
    assert len(np.unique(scores)) == 4 * 4
