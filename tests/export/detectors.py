"""Small detectors of every kind, fitted in a moment, and clips for them."""

from functools import cache
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
import torch

from mimii_bench.export.detector_module import frames_of
from mimii_bench.features.build import build_feature
from mimii_bench.systems.base import make_system
from mimii_bench.util.plugins import load

RATE, CHANNELS = 16_000, 3
LOGMEL = {"class": "logmel.LogMel", "n_mels": 24}
UNPADDED = LOGMEL | {"padding": "none"}
WINDOWS = {"hidden": [16, 4, 16], "epochs": 1, "batch_size": 64}
SEGMENTS = {"frames": 16, "epochs": 2, "batch_size": 4}
CLIPS = {"epochs": 3, "batch_size": 4}


class Case(NamedTuple):
    """A system by class and options, what it hears, and the kind of score that is exported."""

    class_name: str
    options: dict
    features: list
    mixes: list
    kind: str = "score"


DENSE = "dense_autoencoder.DenseAutoencoder"
NEIGHBOURS = "classical.NearestNeighbours"
MIXTURE = "classical.GaussianMixture"
DCASE = "dcase_autoencoder.DcaseAutoencoder"
TWO = "two_microphone_autoencoder.TwoMicrophoneAutoencoder"
IDS = "id_classifier.IdClassifier"
STFT = {"class": "spectrum.ComplexStft"}
IMS = {"class": "ims.Ims", "n_mels": 24, "n_filters": 6}
TWO_OPTIONS = WINDOWS | {"hidden": [16, 4], "alphas": [0.5, 2.0]}
EVERY_POOL = {"pooling": ["mean", "max", "rank", "deviation", "exponential"]}
EVERY_POOL |= {"r": 0.9, "exponent": 0.2}

CASES = {
    "dense": Case(DENSE, WINDOWS, [LOGMEL], ["ch0"]),
    "dense, scaled": Case(
        DENSE,
        WINDOWS | {"scaling": "standardised", "batch_norm": True, "activation": "elu"},
        [LOGMEL | {"padding": "reflect"}],
        ["mono"],
    ),
    "dense, targets as they are": Case(
        DENSE,
        WINDOWS | {"scaling": "centred", "scale_targets": False, "activation": "tanh"},
        [LOGMEL | {"padding": "block", "window_norm": True, "one_sided": True}],
        ["ch2"],
    ),
    "denoising": Case(
        "denoising_autoencoder.DenoisingAutoencoder", WINDOWS, [UNPADDED], ["ch0-ch1"]
    ),
    "vae": Case(
        "variational_autoencoder.VariationalAutoencoder",
        WINDOWS | {"hidden": [16], "latent": 4},
        [LOGMEL],
        ["mono"],
    ),
    "dcase, mse": Case(DCASE, WINDOWS, [LOGMEL], ["mono"], "mse"),
    "dcase, frames": Case(DCASE, WINDOWS, [LOGMEL], ["mono"], "mahalanobis"),
    "dcase, mean": Case(DCASE, WINDOWS, [LOGMEL], ["mono"], "mahalanobis_mean_residual"),
    "two microphones": Case(
        TWO, TWO_OPTIONS, [LOGMEL] * 2, ["ch0", "ch0-ch1"], "mahalanobis_alpha_2"
    ),
    "two microphones, sum": Case(
        TWO, TWO_OPTIONS, [LOGMEL] * 2, ["ch0", "ch0-ch1"], "mse_sum_alpha_0.5"
    ),
    "cnn on ims": Case("spectrogram_cnn.SpectrogramCnn", CLIPS, [IMS], ["mono"]),
    "cnn on some bins": Case(
        "spectrogram_cnn.SpectrogramCnn", CLIPS | {"bins": [2, 20]}, [LOGMEL], ["mono"]
    ),
    "cnn, lstm": Case("cnn_lstm.CnnLstm", CLIPS, [UNPADDED], ["mono"]),
    "learned sinc": Case(
        "learned_sinc_cnn.LearnedSincCnn",
        CLIPS | {"n_filters": 6},
        [UNPADDED, {"class": "samples.Samples"}],
        ["mono", "mono"],
    ),
    "mobilenet": Case(IDS, SEGMENTS | {"network": "mobilenet"}, [LOGMEL], ["mono"]),
    "deep": Case(IDS, SEGMENTS | {"network": "deep"}, [{"class": "spectrum.Magnitude"}], ["mono"]),
    "deep, wide": Case(
        IDS, SEGMENTS | {"network": "deep", "width": 2, "heads": 3}, [LOGMEL], ["mono"]
    ),
    "complex": Case(IDS, SEGMENTS | {"network": "complex_deep"}, [STFT], ["mono"]),
    "complex, attention": Case(IDS, SEGMENTS, [STFT | {"n_fft": 256, "hop": 128}], ["mono"]),
    "neighbours": Case(NEIGHBOURS, EVERY_POOL, [LOGMEL], ["mono"]),
    "neighbours of magnitudes": Case(
        NEIGHBOURS, {"pooling": ["generalised"]}, [{"class": "spectrum.Magnitude"}], ["mono"]
    ),
    **{
        f"pooled, {name}": Case(
            "pooled_features.PooledFeatures",
            {"pooling": ["mean", "deviation"], "back_ends": [name, "knn_density"], "clusters": 2},
            [LOGMEL] * 2,
            ["ch0", "ch1"],
            name,
        )
        for name in ("knn", "knn_rescaled", "means_density", "mahalanobis", "mixture", "subspace")
    },
    "pooled, difference": Case(
        "pooled_features.PooledFeatures",
        {"back_ends": ["knn_density"], "density": "difference", "standardise": False},
        [LOGMEL],
        ["mono"],
    ),
    "spatial": Case(
        "spatial_features.SpatialFeatures",
        {"cues": ["phase", "coherence", "level"], "back_ends": ["knn_cosine"]},
        [STFT] * 3,
        ["ch0", "ch1", "ch2"],
    ),
    "neighbours, more than clips": Case(
        NEIGHBOURS, {"neighbours": 99, "pooling": ["rank"], "r": 0.0}, [LOGMEL], ["mono"]
    ),
    **{
        f"mixture, {form}": Case(MIXTURE, {"covariance": form}, [LOGMEL], ["mono"])
        for form in ("full", "tied", "diag", "spherical")
    },
    "forest": Case("classical.IsolationForest", {}, [LOGMEL], ["mono"]),
    "machine": Case("classical.OneClassSvm", {}, [LOGMEL], ["mono"]),
    "frames at odd steps": Case(
        NEIGHBOURS, {}, [LOGMEL | {"n_fft": 400, "hop": 160, "mel_scale": "htk"}], ["ch1-ch2"]
    ),
    "frames side by side": Case(
        NEIGHBOURS, {}, [LOGMEL | {"n_fft": 251, "hop": 251, "f_min": 50.0}], ["ch1"]
    ),
}


#: What is tried whenever tests run: a case of every module, but for those that take seconds.
QUICK = (
    *("dense, scaled", "dcase, frames", "two microphones", "cnn on some bins", "learned sinc"),
    *("deep, wide", "neighbours", "mixture, diag", "forest", "machine", "pooled, mahalanobis"),
    *("pooled, means_density", "spatial"),
)


def each(names):
    """Parametrize by the names of cases; those that are not quick belong to the whole suite."""
    marks = {name: () if name in QUICK else (pytest.mark.whole,) for name in names}
    return pytest.mark.parametrize("name", [pytest.param(n, marks=m) for n, m in marks.items()])


def clip(seed, samples=12_000):
    """A clip of float32 (channel, sample): a hum, 70 dB below it hiss, all of their own level."""
    rng = np.random.default_rng(seed)
    time = np.arange(samples) / RATE
    pitch, level = rng.uniform(300, 600), rng.uniform(0.05, 0.5)
    hum = sum(np.sin(2 * np.pi * pitch * n * time + rng.uniform(0, 6)) / n for n in (1, 2, 3))
    gains = 1 + 0.1 * np.arange(CHANNELS)[:, None]
    hiss = rng.normal(0, 10 ** rng.uniform(-3.5, -2), (CHANNELS, samples))
    return (level * (gains * hum / 3 + hiss)).astype(np.float32)


#: Clips of several lengths that no detector has learned from.
OTHERS = [clip(100 + seed, samples) for seed, samples in enumerate((12_000, 30_011, 17_408))]


@cache
def fitted(name):
    """The detector of a case, fitted to a dozen clips."""
    case = CASES[name]
    detector = SimpleNamespace(
        features=[build_feature(feature, RATE) for feature in case.features],
        mixes=case.mixes,
        front_end=SimpleNamespace(sample_rate=RATE, channels=CHANNELS),
        kind=case.kind,
        threshold=1.25,
        description={"window": 12_000},
    )
    inputs = zip(*(frames_of(detector, clip(seed)) for seed in range(14)), strict=True)
    detector.system = make_system(load("systems", case.class_name), case.options, seed=1)
    targets = {"label": ["normal", "abnormal"], "id": ["00", "02"]}.get(detector.system.learns)
    told = (np.array(targets * 7),) if targets else ()
    detector.system.fit(*map(np.stack, inputs), *told)
    if detector.system.learns == "label":
        _spread(detector)
    if case.options.get("network") == "mobilenet":
        _settle(detector)
    return detector


def _settle(detector):
    """Take batch statistics of `OTHERS`: by those of few steps all clips are alike."""
    network = detector.system.network
    frames = torch.from_numpy(np.stack([frames_of(detector, one)[0][:24] for one in OTHERS]))
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = 1.0
    network.train()
    with torch.no_grad():
        network(detector.system.scale.image(frames))
    network.eval()


def _spread(detector):
    """Bring the probabilities of `OTHERS` between 0 and 1, where differences can be seen."""
    head = detector.system.network.logits
    found = np.array([our_score(detector, one) for one in OTHERS])
    odds = np.log(found / (1 - found))
    with torch.no_grad():
        head.weight *= 1 / odds.std()
        head.bias *= 1 / odds.std()
        head.bias[1] -= odds.mean() / odds.std()


def our_score(detector, samples, id="00"):
    """The score of a clip by the system itself."""
    told = (id,) if detector.system.learns == "id" else ()
    scores = detector.system.score([(*frames_of(detector, samples), *told)])
    return float(scores[detector.kind][0])
