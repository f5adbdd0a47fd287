"""What systems allow as options: nothing that would run to its end with wrong numbers."""

import pytest

from mimii_bench.systems.base import System, check_options
from mimii_bench.util import plugins
from mimii_bench.util.errors import UserError

NAMES = (
    *("classical.NearestNeighbours", "classical.GaussianMixture", "classical.IsolationForest"),
    *("classical.OneClassSvm", "cnn_lstm.CnnLstm", "dcase_autoencoder.DcaseAutoencoder"),
    *("denoising_autoencoder.DenoisingAutoencoder", "dense_autoencoder.DenseAutoencoder"),
    "discriminative_embedding.DiscriminativeEmbedding",
    *("id_classifier.IdClassifier", "learned_sinc_cnn.LearnedSincCnn"),
    *("pooled_features.PooledFeatures", "spatial_features.SpatialFeatures"),
    *("spectrogram_cnn.SpectrogramCnn", "two_microphone_autoencoder.TwoMicrophoneAutoencoder"),
    "variational_autoencoder.VariationalAutoencoder",
)


def sizes(found):
    """What a network must be given."""
    return {"batch_size": 8} if "batch_size" in found.Options.model_fields else {}


def check(name, options):
    found = plugins.load("systems", name)
    check_options(found, sizes(found) | options, "systems.mine.options")


@pytest.mark.parametrize("name", NAMES)
def test_a_system_is_a_subclass_whose_options_all_have_a_meaning_and_no_wrong_default(name):
    found = plugins.load("systems", name)
    assert issubclass(found, System)
    fields = found.Options.model_fields
    assert [option for option, field in fields.items() if not field.description] == []
    check(name, {})
    defaults = found.Options(**sizes(found)).model_dump()
    assert found.Options(**defaults).model_dump() == defaults


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("dense_autoencoder.DenseAutoencoder", {"loss": "foo"}),
        ("dense_autoencoder.DenseAutoencoder", {"hidden": []}),
        ("dense_autoencoder.DenseAutoencoder", {"hidden": [8, 0]}),
        ("dense_autoencoder.DenseAutoencoder", {"hidden": 8}),
        ("dense_autoencoder.DenseAutoencoder", {"epochs": 0}),
        ("dense_autoencoder.DenseAutoencoder", {"context": 0}),
        ("dense_autoencoder.DenseAutoencoder", {"validation_fraction": 1.5}),
        ("dense_autoencoder.DenseAutoencoder", {"validation_fraction": 1.0}),
        ("denoising_autoencoder.DenoisingAutoencoder", {"snr": [0]}),
        ("denoising_autoencoder.DenoisingAutoencoder", {"loss": "foo"}),
        ("dcase_autoencoder.DcaseAutoencoder", {"ridge": -1.0}),
        ("variational_autoencoder.VariationalAutoencoder", {"latent": 0}),
        ("variational_autoencoder.VariationalAutoencoder", {"kl_weight": -1.0}),
        ("two_microphone_autoencoder.TwoMicrophoneAutoencoder", {"alphas": []}),
        ("two_microphone_autoencoder.TwoMicrophoneAutoencoder", {"alphas": [-1.0]}),
        ("two_microphone_autoencoder.TwoMicrophoneAutoencoder", {"alphas": 0.5}),
        ("spectrogram_cnn.SpectrogramCnn", {"channels": []}),
        ("cnn_lstm.CnnLstm", {"channels": [4, 4]}),
        ("cnn_lstm.CnnLstm", {"cells": 0}),
        ("learned_sinc_cnn.LearnedSincCnn", {"filter_length": 2001}),
        ("learned_sinc_cnn.LearnedSincCnn", {"sample_rate": 16}),
        ("learned_sinc_cnn.LearnedSincCnn", {"n_filters": 0}),
        ("pooled_features.PooledFeatures", {"back_ends": ["lof"]}),
        ("pooled_features.PooledFeatures", {"pooling": ["median"]}),
        ("pooled_features.PooledFeatures", {"over": []}),
        ("pooled_features.PooledFeatures", {"exponent": 0.0}),
        ("pooled_features.PooledFeatures", {"variance": 0.0}),
        ("spatial_features.SpatialFeatures", {"cues": ["delay"]}),
        ("discriminative_embedding.DiscriminativeEmbedding", {"head": "cosface"}),
        ("discriminative_embedding.DiscriminativeEmbedding", {"channels": [16]}),
        ("discriminative_embedding.DiscriminativeEmbedding", {"mixup": 1.5}),
        ("discriminative_embedding.DiscriminativeEmbedding", {"smote": 0}),
        ("discriminative_embedding.DiscriminativeEmbedding", {"references": "some"}),
        ("id_classifier.IdClassifier", {"frames": 0}),
        ("id_classifier.IdClassifier", {"mixtures": "yes"}),
    ],
)
def test_wrong_values_are_refused_by_name(name, options):
    (option,) = options
    with pytest.raises(
        UserError, match=rf"^systems\.mine\.options\.{option}[.\d]*: .* not allowed"
    ):
        check(name, options)
