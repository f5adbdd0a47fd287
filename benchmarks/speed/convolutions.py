"""Formulations of a complex convolution, forward and backward, and one step of a whole network.

With x = a + ib and w = u + iv, w * x = (u * a - v * b) + i (v * a + u * b). The work is that of the
second layer of report complex_net's encoder, on what the first makes of 513 bins and 64 frames.
"""

import time
from collections.abc import Callable, Iterator

import numpy as np
import torch

from mimii_bench.features.spectrum import ComplexStft
from mimii_bench.systems.id_classifier import IdClassifier
from mimii_bench.systems.networks.complex_layers import ComplexConv2d
from mimii_bench.systems.networks.deep_encoder import ENCODER
from speed.contests import Contest, Target, timed

EXAMPLES, BINS, FRAMES = 4, 257, 32
#: Clips of the fan's training set of report complex_net, at one SNR.
FAN = 3675


def contests() -> Iterator[Contest]:
    """Yield those of one layer and of the fan's epoch."""
    torch.set_num_threads(1)
    yield layer()
    yield epoch()


def layer() -> Contest:
    """One complex convolution by several formulations of the same numbers."""
    before, here = ENCODER[:2]
    torch.manual_seed(0)
    conv = ComplexConv2d(
        before.channels, here.channels, here.kernel, here.stride, here.padding, bias=False
    )
    features = torch.randn(EXAMPLES, 2 * before.channels, BINS, FRAMES, requires_grad=True)
    wanted = conv(features)
    gradient = torch.randn_like(wanted)
    ways = {name: (lambda f=f: f(features, conv)) for name, f in FORMULATIONS.items()}
    for name, way in ways.items():
        torch.testing.assert_close(way(), wanted, rtol=1e-3, atol=1e-4, msg=name)
    channels_last = features.detach().to(memory_format=torch.channels_last).requires_grad_()
    ways = {
        "ours": lambda: conv(features),
        **ways,
        "ours, channels last": lambda: conv(channels_last),
    }
    runs = {name: timed(_with_backward(way, gradient), 2, 1000) for name, way in ways.items()}
    targets = [Target("ours", name, 1, "at most") for name in runs if name != "ours"]
    return Contest("complex convolution", f"ms for {EXAMPLES} segments", runs, targets)


def _with_backward(way: Callable[[], torch.Tensor], gradient: torch.Tensor) -> Callable[[], None]:
    return lambda: way().backward(gradient)


def _plain(features: torch.Tensor, weights: torch.Tensor, conv: ComplexConv2d, **more):
    return torch.nn.functional.conv2d(features, weights, None, conv.stride, conv.padding, **more)


def two_convolutions(features: torch.Tensor, conv: ComplexConv2d) -> torch.Tensor:
    """Real and imaginary parts as examples: one convolution with u, one with v."""
    stacked = torch.cat(features.chunk(2, dim=1))
    a_u, b_u = _plain(stacked, conv.real, conv).chunk(2)
    a_v, b_v = _plain(stacked, conv.imaginary, conv).chunk(2)
    return torch.cat([a_u - b_v, a_v + b_u], dim=1)


def gauss(features: torch.Tensor, conv: ComplexConv2d) -> torch.Tensor:
    """Three convolutions instead of four, by Gauss's rule."""
    a, b = features.chunk(2, dim=1)
    u, v = conv.real, conv.imaginary
    common = _plain(a + b, u, conv)
    return torch.cat([common - _plain(b, u + v, conv), common + _plain(a, v - u, conv)], dim=1)


def grouped(features: torch.Tensor, conv: ComplexConv2d) -> torch.Tensor:
    """One convolution in two groups, of which each meets both u and v."""
    both = torch.cat([conv.real, conv.imaginary])
    a_u, a_v, b_u, b_v = _plain(features, torch.cat([both, both]), conv, groups=2).chunk(4, dim=1)
    return torch.cat([a_u - b_v, a_v + b_u], dim=1)


FORMULATIONS = {
    "two convolutions": two_convolutions,
    "Gauss's three": gauss,
    "one in groups": grouped,
}


def epoch() -> Contest:
    """An epoch of the fan's complex network, computed from a step of it."""
    options = {
        "network": "complex_deep_attention",
        "mixtures": True,
        "frames": 64,
        "batch_size": 32,
    }
    feature = ComplexStft(sample_rate=16_000)
    rng = np.random.default_rng(0)
    clips = rng.standard_normal((32, feature.frames(160_000), 2 * feature.n_bins), np.float32)
    spectra = clips.view(np.complex64)
    ids = np.resize(["00", "02", "04", "06"], len(spectra))

    def seconds(steps: int) -> float:
        system = IdClassifier(epochs=10**6, max_steps=steps, **options)
        start = time.process_time()
        system.fit(spectra, ids)
        return time.process_time() - start

    runs = {"ours": lambda: (seconds(2) - seconds(1)) * FAN / 32 / 60}
    targets = [Target("ours", "", 3, "at most")]
    return Contest("an epoch of the fan, complex spectra", "minutes", runs, targets)
