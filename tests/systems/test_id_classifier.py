"""Classifiers of the id: they learn ids, and odd sounds score higher."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from mimii_bench.systems.id_classifier import IdClassifier, divergence, surprise
from mimii_bench.systems.learning.checkpoint import Checkpoint
from mimii_bench.systems.learning.segments import covering
from mimii_bench.util.errors import UserError
from systems.sounds import STILL, as_clips, hums, save

NETWORKS = ("mobilenet", "deep", "complex_deep", "complex_deep_attention")
BINS, FRAMES = 16, 24
SMALL = {"frames": FRAMES, "epochs": 2, "batch_size": 6, "learning_rate": 1e-3}
#: What each id sounds like.
PITCHES = {"00": 12, "02": 5}


def sounds(clips, pitch, seed=0, complex_=False, length=FRAMES + 9):
    """Hums; complex ones turn, all at one magnitude, with a period of `pitch` frames."""
    if not complex_:
        return hums(clips, pitch, seed, length, BINS)
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 2 * np.pi, (clips, 1, BINS))
    turning = np.exp(1j * (2 * np.pi * np.arange(length)[:, None] / pitch + phase))
    return (0.01 * turning).astype(np.complex64)


def training(clips=12, complex_=False, seed=0):
    """Clips of both ids, shuffled, and their ids."""
    parts = [sounds(clips, pitch, seed + k, complex_) for k, pitch in enumerate(PITCHES.values())]
    order = np.random.default_rng(seed).permutation(2 * clips)
    return np.concatenate(parts)[order], np.repeat(list(PITCHES), clips)[order]


def fit(network="deep", seed=0, data=None, **options):
    system = IdClassifier(network=network, seed=seed, **(SMALL | options))
    return system.fit(*(data or training(complex_=network.startswith("complex"))))


def network_outputs(system, clip):
    """Logits of all heads and the embedding of a clip's segments, by hand."""
    segments = covering(clip, FRAMES)
    image = (segments - system._inputs["centre"]) / system._inputs["unit"]
    image = image.transpose(1, 2)
    parts = [image.real, image.imag] if image.is_complex() else [image]
    with torch.inference_mode():
        stacked = torch.stack(parts, 1)
        return system._net(stacked), system._net.embed(stacked)


@pytest.fixture(scope="module")
def fitted():
    return fit("complex_deep_attention")


@pytest.mark.parametrize(
    ("network", "mixtures"),
    [
        ("mobilenet", False),
        ("deep", True),
        ("deep", False),
        ("complex_deep", False),
        ("complex_deep_attention", False),
    ],
)
def test_it_tells_ids_apart_and_an_odd_sound_scores_higher(network, mixtures):
    """Of the complex sounds the magnitudes are all one: only phases tell ids and oddities."""
    complex_ = network.startswith("complex")
    clips = 12 if complex_ else 24
    options = {"mixtures": mixtures, "epochs": 25, "batch_size": clips, "learning_rate": 3e-3}
    system = fit(network, data=training(clips, complex_), **options)
    assert system.history_[-1].loss < system.history_[0].loss
    scores = {}
    for id, own, odd in (("00", 12, 6), ("02", 5, 8)):
        for label, pitch in (("normal", own), ("odd", odd)):
            clips = sounds(8, pitch, 50, complex_)
            scores[id, label] = system.score([(clip, id) for clip in clips])
    for id in PITCHES:
        assert not scores[id, "normal"]["misidentified"].any(), id
    normal, odd = (
        np.concatenate([scores[id, label]["score"] for id in PITCHES])
        for label in ("normal", "odd")
    )
    assert np.median(odd) > np.quantile(normal, 0.9)


def test_the_score_is_the_mean_cross_entropy_of_the_last_head(fitted):
    clips, ids = training(2, complex_=True, seed=9)
    found = fitted.score(as_clips(clips, ids))
    assert list(found) == ["score", "misidentified", "attention_complex"]
    for place, (clip, id) in enumerate(zip(clips, ids, strict=True)):
        heads, _ = network_outputs(fitted, clip)
        assert [tuple(head.shape) for head in heads] == [(2, 2)] * 3
        probable = heads[-1].log_softmax(1).mean(0)
        true = ["00", "02"].index(id)
        assert found["score"][place] == pytest.approx(-probable[true].item(), rel=1e-4)
        assert found["misidentified"][place] == (probable[1 - true] > probable[true])


def test_the_attention_of_a_clip_is_that_of_its_complex_channels(fitted):
    """With two ids, A has two channels of magnitudes and two complex ones."""
    clips, ids = training(2, complex_=True, seed=9)
    found = fitted.score(as_clips(clips, ids))["attention_complex"]
    for clip, share in zip(clips, found, strict=True):
        with torch.inference_mode():
            images = fitted._images(covering(clip, FRAMES))
            weights = fitted._net.attention.weights(torch.cat(fitted._net.branches(images), 1))
        assert share == pytest.approx(1 - weights[:, :2].sum(1).mean().item(), rel=1e-5)
    assert ((found > 0) & (found < 1)).all()
    assert len(np.unique(found)) > 1


def test_without_attention_there_is_none_to_tell():
    clips = as_clips(*training(1, complex_=True, seed=9))
    assert list(fit("complex_deep", epochs=1).score(clips)) == ["score", "misidentified"]


@pytest.mark.parametrize("options", [{"width": 2}, {"heads": 3}, {"width": 2, "heads": 3}])
def test_wider_or_with_three_heads_it_learns_and_is_read_back(options, tmp_path):
    system = fit("deep", epochs=20, learning_rate=2e-3, **options)
    clips = as_clips(*training(2, seed=9))
    found = system.score(clips)
    assert not found["misidentified"].any()
    loaded = IdClassifier.load(*save(system, tmp_path))
    np.testing.assert_array_equal(loaded.score(clips)["score"], found["score"])
    assert loaded.options.model_dump() | options == loaded.options.model_dump()


def test_the_surprise_is_the_cross_entropy_and_has_no_ties_where_a_network_is_sure():
    logits = torch.randn(7, 4, generator=torch.Generator().manual_seed(0)).double()
    for place in range(4):
        expected = torch.nn.functional.cross_entropy(
            logits, torch.full((7,), place), reduction="none"
        )
        torch.testing.assert_close(surprise(logits, place), expected)
    sure = torch.tensor([[40.0, 0, 0, 0], [41.0, 0, 0, 0], [400.0, 0, 0, 0]]).double()
    assert not sure.log_softmax(1)[:, 0].any()
    others = torch.tensor([40.0, 41.0, 400.0]).double()
    torch.testing.assert_close(surprise(sure, 0), 3 * (-others).exp(), rtol=1e-9, atol=0)


def test_under_a_wrong_id_a_clip_is_misidentified():
    system = fit("deep", epochs=20, learning_rate=2e-3)
    clips = sounds(6, PITCHES["00"], 50)
    assert system.score([(clip, "02") for clip in clips])["misidentified"].all()
    assert not system.score([(clip, "00") for clip in clips])["misidentified"].any()


@pytest.mark.parametrize(("network", "heads"), [("deep", 1), ("complex_deep_attention", 3)])
def test_the_loss_is_summed_over_the_heads(network, heads):
    """At a learning rate of 0, the watched loss is that of the untrained network."""
    data = training(3, complex_=heads == 3)
    system = IdClassifier(network=network, **(SMALL | {"learning_rate": STILL, "epochs": 1}))
    system.fit(*data, validation=data)
    losses = []
    for clip, id in zip(*data, strict=True):
        logits, _ = network_outputs(system, clip)
        assert len(logits) == heads
        true = ["00", "02"].index(id)
        losses.append(-sum(one.log_softmax(1)[:, true].mean().item() for one in logits))
    assert system.history_[0].validation_loss == pytest.approx(np.mean(losses), rel=1e-4)


def test_the_divergence_is_that_of_the_formula():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(5, 4, generator=generator)
    shares = torch.rand(5, 4, generator=generator).softmax(1)
    ratio = shares / logits.softmax(1)
    expected = (shares * ratio.log()).sum(1).mean()
    torch.testing.assert_close(divergence(logits, shares), expected)
    torch.testing.assert_close(divergence(shares.log(), shares), torch.zeros(()))
    places = torch.tensor([0, 3, 1, 1, 2])
    one_hot = torch.nn.functional.one_hot(places, 4).float()
    expected = torch.nn.functional.cross_entropy(logits, places)
    torch.testing.assert_close(divergence(logits, one_hot), expected)


@pytest.mark.parametrize(
    ("network", "width"),
    [("mobilenet", 1280), ("deep", 2), ("complex_deep", 4), ("complex_deep_attention", 4)],
)
def test_the_embedding_is_the_mean_over_a_clip_s_segments(network, width):
    system = fit(network, epochs=1)
    clips, ids = training(2, complex_=network.startswith("complex"), seed=9)
    found = system.embed(as_clips(clips, ids))
    assert found.shape == (4, width)
    for clip, row in zip(clips, found, strict=True):
        expected = network_outputs(system, clip)[1].mean(0)
        np.testing.assert_allclose(row, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(system.embed((clip,) for clip in clips), found)


def test_dropout_is_an_option_of_mobilenet_alone():
    """Whatever torch's own generator was at: what is left out follows the seed."""
    clips = as_clips(*training(2, seed=9))

    def scores(network, dropout, before):
        torch.manual_seed(before)
        return fit(network, dropout=dropout).score(clips)["score"]

    half = scores("mobilenet", 0.5, 1)
    np.testing.assert_array_equal(half, scores("mobilenet", 0.5, 2))
    assert (half != scores("mobilenet", 0.0, 1)).all()
    np.testing.assert_array_equal(scores("deep", 0.5, 1), scores("deep", 0.0, 1))
    assert IdClassifier(**SMALL).options.dropout == 0.2


@pytest.mark.parametrize("mixtures", [False, True])
def test_seeds_give_the_same_scores_to_the_bit_or_others(mixtures):
    clips = as_clips(*training(2, seed=9))
    first, again, other = (
        fit(seed=seed, mixtures=mixtures).score(clips)["score"] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


def test_a_saved_model_gives_the_same_scores_and_knows_its_ids(fitted, tmp_path):
    clips = as_clips(*training(2, complex_=True, seed=9))
    paths = save(fitted, tmp_path)
    loaded = IdClassifier.load(*paths)
    for name, scores in fitted.score(clips).items():
        np.testing.assert_array_equal(loaded.score(clips)[name], scores)
    np.testing.assert_array_equal(loaded.embed(clips), fitted.embed(clips))
    assert loaded.ids == fitted.ids == ["00", "02"]
    assert (loaded.options, loaded.parameters) == (fitted.options, fitted.parameters)
    description = json.loads(paths[1].read_text())
    assert description["inputs"]["ids"] == ["00", "02"]
    # Four classes have 2 · 4 channels, two have 2 · 2.
    assert description["layers"]["componentprelu_1"] == 2 * 45


class Killed(Exception):
    """What a training that is ended from outside does not catch."""


@pytest.mark.parametrize("network", ["mobilenet", "deep", "complex_deep_attention"])
@pytest.mark.parametrize("mixtures", [False, True])
def test_killed_in_an_epoch_it_goes_on_to_the_same_weights(
    network, mixtures, tmp_path, monkeypatch
):
    """4 steps an epoch: the sixth is in the middle of the second."""
    options = {"epochs": 3, "mixtures": mixtures}
    whole = fit(network, **options)
    data = training(complex_=network.startswith("complex"))
    loss = IdClassifier._loss
    calls = []

    def counted(self, *examples):
        calls.append(len(examples[0]))
        if len(calls) == 6:
            raise Killed
        return loss(self, *examples)

    monkeypatch.setattr(IdClassifier, "_loss", counted)
    interrupted = IdClassifier(network=network, **(SMALL | options))
    interrupted.checkpoint = Checkpoint(tmp_path / "kept", seconds=0)
    with pytest.raises(Killed):
        interrupted.fit(*data)
    resumed = IdClassifier(network=network, **(SMALL | options))
    resumed.checkpoint = Checkpoint(tmp_path / "kept", seconds=0)
    resumed.fit(*data)
    # The second and the third epoch only.
    assert calls[6:] == [6] * 8
    assert [epoch.loss for epoch in resumed.history_] == [epoch.loss for epoch in whole.history_]
    expected, found = (load_file(save(system, tmp_path)[0]) for system in (whole, resumed))
    for name, tensor in expected.items():
        assert torch.equal(tensor, found[name]), name


def test_channels_innermost_change_nothing_but_rounding():
    plain, images = (fit("complex_deep", channels_last=on) for on in (False, True))
    assert images._net.encoder[1][0].real.is_contiguous(memory_format=torch.channels_last)
    clips = as_clips(*training(2, complex_=True, seed=9))
    assert images.history_[0].loss == pytest.approx(plain.history_[0].loss, rel=1e-3)
    np.testing.assert_allclose(
        images.score(clips)["score"], plain.score(clips)["score"], rtol=0.05, atol=0.01
    )


@pytest.mark.parametrize("network", NETWORKS)
def test_mixed_precision_finds_a_loss_nearby_and_keeps_single_weights(network):
    # After further steps losses part as far as the processor's own 16-bit products let them.
    options = {"epochs": 1, "max_steps": 1, "dropout": 0.0}
    plain, mixed = (fit(network, mixed_precision=on, **options) for on in (False, True))
    assert mixed.history_[0].loss == pytest.approx(plain.history_[0].loss, rel=0.1)
    assert mixed.history_[0].loss != plain.history_[0].loss
    assert {p.dtype for p in mixed._net.parameters()} == {torch.float32}


@pytest.mark.parametrize("native", [True, False])
def test_auto_is_off_on_the_cpu_and_on_where_cuda_can(native, monkeypatch):
    system = IdClassifier(**SMALL)
    assert not system._mixed_precision
    assert system._memory_format == torch.contiguous_format
    system.device = torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: native)
    assert system._mixed_precision == native
    assert system._memory_format == torch.channels_last


def test_silent_clips_are_no_error():
    spectra = np.zeros((4, FRAMES, BINS), np.complex64)
    system = fit("complex_deep", data=(spectra, np.array(["00", "02"] * 2)))
    assert np.isfinite(system.score([(spectra[0], "00")])["score"]).all()


def test_an_id_that_was_not_trained_on_is_named(fitted):
    clip = training(1, complex_=True)[0][0]
    with pytest.raises(UserError, match=r"id 06 is not one of those trained on \(00, 02\)"):
        fitted.score([(clip, "06")])
    spectra, ids = training(2)
    with pytest.raises(UserError, match="id 04 is not one of those"):
        IdClassifier(network="deep", **SMALL).fit(
            spectra, ids, validation=(spectra[:1], np.array(["04"]))
        )


def test_one_id_is_not_enough():
    spectra, _ = training(2)
    with pytest.raises(UserError, match=r"only one id \(06\)"):
        IdClassifier(network="deep", **SMALL).fit(spectra, np.array(["06"] * 4))


@pytest.mark.parametrize(
    ("network", "complex_", "wanted"),
    [("complex_deep", False, "complex"), ("deep", True, "real"), ("mobilenet", True, "real")],
)
def test_spectra_of_the_wrong_kind_are_refused(network, complex_, wanted):
    with pytest.raises(UserError, match=f"{network} takes {wanted} spectra"):
        IdClassifier(network=network, **SMALL).fit(*training(2, complex_))


def test_short_clips_are_refused():
    spectra, ids = training(2)
    with pytest.raises(UserError, match="lower frames"):
        IdClassifier(network="deep", **(SMALL | {"frames": 64})).fit(spectra, ids)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"network": "deeper"},
            "^network: 'deeper' is not allowed: .* 'mobilenet', 'deep'",
        ),
        ({"heads": 2, "network": "deep"}, "^heads: 2 is not allowed"),
        ({"width": 2}, "width and heads are options of the network deep alone"),
        ({"network": "mobilenet", "heads": 3}, "width and heads are options of the network deep"),
        ({"dropout": 1.0}, "^dropout: 1.0 is not allowed: input should be less than 1"),
        (
            {"mixed_precision": "never"},
            "^mixed_precision: 'never' is not allowed: .* 'auto', True",
        ),
        (
            {"channels_last": "yes"},
            "^channels_last: 'yes' is not allowed: .* 'auto', True",
        ),
    ],
)
def test_unknown_options_are_refused(options, message):
    with pytest.raises(UserError, match=message):
        IdClassifier(**(SMALL | options))
