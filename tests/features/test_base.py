"""The contract of features, ours and one from outside."""

import numpy as np
import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.features.base import Feature
from mimii_bench.features.build import build_feature
from mimii_bench.features.store import FeatureStore, Frames, build_features
from mimii_bench.features.writing import build_store
from mimii_bench.util.errors import UserError

DESCRIPTIONS = {
    "logmel": {"class": "logmel.LogMel", "n_mels": 16},
    "ims": {"class": "ims.Ims"},
    "magnitude": {"class": "spectrum.Magnitude"},
    "complex": {"class": "spectrum.ComplexStft"},
    "clip_spectrum": {"class": "spectrum.ClipSpectrum", "n_fft": 5000},
    "samples": {"class": "samples.Samples"},
}
OUTSIDE = '''
from typing import Annotated

import numpy as np
from pydantic import Field

from mimii_bench.features.base import Feature


class Energy(Feature):
    """Energy of every hundredth of a second or so."""

    n_bins = 1

    class Options(Feature.Options):
        per_second: Annotated[int, Field(ge=1, description="Frames a second.")] = 100

    def frames(self, samples):
        return samples // (self.sample_rate // self.options.per_second)

    def transform(self, samples):
        size = self.sample_rate // self.options.per_second
        cut = samples[: self.frames(len(samples)) * size].reshape(-1, size)
        return (cut**2).mean(axis=1, keepdims=True)
'''


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_every_feature_keeps_the_contract(name, rate):
    feature = build_feature(DESCRIPTIONS[name], rate)
    assert isinstance(feature, Feature)
    assert feature.sample_rate == rate
    samples = np.random.default_rng(0).normal(0, 0.1, 20_000).astype(np.float32)
    frames = feature.transform(samples)
    assert (frames.shape, frames.dtype) == (
        (feature.frames(len(samples)), feature.n_bins),
        feature.dtype,
    )
    rebuilt = type(feature)(sample_rate=rate, **feature.parameters)
    np.testing.assert_array_equal(rebuilt.transform(samples), frames)
    assert rebuilt.parameters == feature.parameters
    assert all(field.description for field in feature.Options.model_fields.values())
    assert "sample_rate" not in feature.Options.model_fields


def test_a_feature_needs_the_rate_of_the_recordings():
    with pytest.raises(TypeError, match="sample_rate"):
        build_feature(DESCRIPTIONS["logmel"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"filter_length": 250}, "filter_length: a filter of 250 taps has no middle"),
        ({"filter_length": 1}, "filter_length: 1 is not allowed"),
        ({"n_filters": 0}, "n_filters: 0 is not allowed"),
        ({"hop": 2048}, "Ims: hop 2048 is longer than a frame of n_fft 1024"),
        ({"padding": "none"}, "padding: Ims has no such option"),
        ({"eps": float("nan")}, "eps: nan is not allowed"),
    ],
)
def test_an_option_of_ims_that_is_not_allowed_is_named(options, message):
    with pytest.raises(UserError) as caught:
        build_feature({"class": "ims.Ims", **options}, 16_000)
    assert str(caught.value).startswith(message)


def test_a_feature_from_outside_is_stored_and_computed_like_any_other(tmp_path):
    path = tmp_path / "energy.py"
    path.write_text(OUTSIDE)
    energy = {"class": f"{path}:Energy", "per_second": 50}
    (tmp_path / "audio/normal").mkdir(parents=True)
    samples = np.random.default_rng(1).normal(0, 0.1, 4010).astype(np.float32)
    write_float(tmp_path / "audio/normal/0.wav", samples, 8000)
    build_store(energy, tmp_path / "audio", tmp_path / "energy.h5")
    build_store(DESCRIPTIONS["samples"], tmp_path / "audio", tmp_path / "samples.h5")
    (feature,) = build_features([energy], [tmp_path / "energy.h5"])
    for name in ("energy", "samples"):
        with FeatureStore(Frames(tmp_path / f"{name}.h5", feature)) as store:
            assert store.shape == (25, 1)
            expected = (samples[:160] ** 2).mean()
            np.testing.assert_allclose(store.read("normal/0")[0], expected, rtol=1e-6)
