"""The modules that are recorded score as the systems do, by torch alone."""

import numpy as np
import pytest
import torch

from export.detectors import CASES, OTHERS, RATE, clip, each, fitted, our_score
from mimii_bench.export.detector_module import least_samples, module_of
from mimii_bench.export.front_ends import front_end
from mimii_bench.features.base import Feature
from mimii_bench.features.build import build_feature
from mimii_bench.systems.discriminative_embedding import DiscriminativeEmbedding
from mimii_bench.systems.pooled_features import PooledFeatures
from mimii_bench.util.errors import UserError

#: What torch cannot run outside of a graph.
ONLY_RECORDED = {"cnn, lstm"}


@each([name for name in CASES if name not in ONLY_RECORDED])
def test_it_scores_as_the_system(name):
    detector = fitted(name)
    module = module_of(detector)
    told = (torch.tensor(1),) if module.takes_id else ()
    with torch.inference_mode():
        found = [module(torch.from_numpy(one), *told).item() for one in OTHERS]
    ours = [our_score(detector, one, id="02") for one in OTHERS]
    assert found == pytest.approx(ours, rel=1e-4)
    assert np.ptp(ours) > 1e-3 * np.abs(ours).max()


def test_the_shortest_clip_is_scored():
    detector = fitted("dense")
    shortest = clip(5, least_samples(detector))
    found = module_of(detector)(torch.from_numpy(shortest)).item()
    assert found == pytest.approx(our_score(detector, shortest), rel=1e-4)


@pytest.mark.parametrize(
    "description",
    [
        {"class": "logmel.LogMel", "n_mels": 40, "window": "hamming", "eps": 1e-6, "scale": 1.0},
        {"class": "logmel.LogMel", "n_mels": 8, "f_min": 50.0, "f_max": 7000.0, "hop": 300},
        {"class": "logmel.LogMel", "n_mels": 128, "filter_rate": 22_050, "padding": "none"},
        {"class": "spectrum.Magnitude", "n_fft": 600, "hop": 200},
        {"class": "ims.Ims", "n_mels": 8, "n_filters": 5, "taper": "none", "gain": "band"},
        {"class": "samples.Samples"},
    ],
    ids=str,
)
def test_a_front_end_makes_the_frames_of_its_feature(description):
    feature = build_feature(description, RATE)
    for samples in OTHERS:
        wanted = feature.transform(samples[0])
        found = front_end(feature)(torch.from_numpy(samples[0])).numpy()
        assert found.shape == wanted.shape
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())


def test_complex_frames_are_pairs():
    feature = build_feature({"class": "spectrum.ComplexStft"}, RATE)
    wanted = feature.transform(OTHERS[0][0])
    found = front_end(feature)(torch.from_numpy(OTHERS[0][0])).numpy()
    np.testing.assert_allclose(found[..., 0] + 1j * found[..., 1], wanted, atol=1e-5)


class Foreign(Feature):
    """From outside."""

    n_bins = 1


def test_a_feature_from_outside_has_no_front_end():
    with pytest.raises(UserError, match="Foreign: no front end"):
        front_end(Foreign(sample_rate=RATE))


EMBEDDING = DiscriminativeEmbedding(batch_size=1)
OVER_BINS = PooledFeatures(over=["frequency"])


def altered(name, **changes):
    """A detector of which some attributes are others."""
    return type("Altered", (), vars(fitted(name)) | changes)()


@pytest.mark.parametrize(
    ("detector", "said"),
    [
        (lambda: altered("neighbours", system=object()), "from outside"),
        (lambda: altered("deep", kind="misidentified"), "only the kind score"),
        (lambda: altered("deep", system=EMBEDDING), "embeddings are not exported"),
        (lambda: altered("neighbours", system=OVER_BINS), "pool over time alone"),
    ],
)
def test_what_cannot_be_expressed_is_refused_in_one_line(detector, said):
    with pytest.raises(UserError, match=said) as error:
        module_of(detector())
    assert "\n" not in str(error.value)
