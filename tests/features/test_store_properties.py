"""Stores give back what was put in, of any clips."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mimii_bench.audio.wav import write_float
from mimii_bench.features.store import FeatureStore, load_clips
from mimii_bench.features.writing import build_store

NAMES = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_. -]{0,20}", fullmatch=True)
SAMPLES = st.floats(-4, 4, width=32)


@st.composite
def units(draw):
    """The samples of several clips of one length, by label and name."""
    length = draw(st.integers(1, 50))
    names = draw(st.sets(st.tuples(st.sampled_from(["normal", "abnormal"]), NAMES), min_size=1))
    clips = arrays(np.float32, length, elements=SAMPLES)
    return {f"{label}/{name}": draw(clips) for label, name in sorted(names)}


def stored(unit, folder, rate=16_000):
    for name, samples in unit.items():
        path = folder / f"audio/{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_float(path, samples, rate)
    build_store({"class": "samples.Samples"}, folder / "audio", folder / "store.h5")
    return folder / "store.h5"


@settings(max_examples=20)
@given(unit=units(), rate=st.integers(8_000, 96_000), data=st.data())
def test_what_is_stored_is_read_back_to_the_last_bit(tmp_path_factory, unit, rate, data):
    path = stored(unit, tmp_path_factory.mktemp("store"), rate)
    with FeatureStore(path) as store:
        assert store.sample_rate == rate
        assert {*store.rows} == {*unit}
        for name, samples in unit.items():
            assert store.read(name)[:, 0].tobytes() == samples.tobytes()
    order = data.draw(st.permutations(list(unit)))
    found = load_clips([path], [(0, name) for name in order])
    for name, clip in zip(order, found, strict=True):
        np.testing.assert_array_equal(clip[:, 0], unit[name])


@settings(max_examples=15)
@given(unit=units())
def test_the_same_clips_make_the_same_bytes(tmp_path_factory, unit):
    first, second = (stored(unit, tmp_path_factory.mktemp("store")) for _ in range(2))
    assert first.read_bytes() == second.read_bytes()
