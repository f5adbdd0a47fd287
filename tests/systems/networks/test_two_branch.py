"""The two branches: maps and weights of the sizes that their source has, and what they ignore."""

import pytest
import torch
from torch import nn

from mimii_bench.systems.networks.two_branch import (
    ResidualBlock,
    SpectrogramBranch,
    SpectrumBranch,
    TwoBranchNetwork,
    padded,
)

SMALL = {"channels": [4, 4, 8], "spectrum_channels": 6, "embedding": 5}


def shapes(network, kinds, *inputs):
    """The shapes of what layers of some kinds give, in their order."""
    found = []

    def keep(module, given, output):
        found.append(tuple(output.shape[1:]))

    for module in network.modules():
        if isinstance(module, kinds):
            module.register_forward_hook(keep)
    with torch.no_grad():
        network.eval()(*inputs)
    return found


def test_maps_of_ten_seconds_have_the_published_sizes():
    """311 frames of 513 bins: the sizes that the layers of the released code give, by its rules."""
    branch = SpectrogramBranch(513)
    (stem, *_) = shapes(branch, nn.Conv2d, torch.zeros(1, 311, 513))
    assert stem == (16, 156, 257)
    found = shapes(branch, ResidualBlock, torch.zeros(1, 311, 513))
    assert found[1::2] == [(16, 77, 128), (32, 39, 64), (64, 20, 32), (128, 10, 16)]
    assert branch.last[1].in_features == 2048


def test_convolutions_over_a_spectrum_have_the_published_sizes():
    found = shapes(SpectrumBranch(80_000), nn.Conv1d, torch.zeros(1, 80_000))
    assert found == [(128, 1250), (128, 40), (128, 10)]


def test_weights_are_as_many_as_in_the_published_layers():
    convolutions = 128 * 256 + 128 * 128 * 64 + 128 * 128 * 16
    dense = 1280 * 128 + 4 * 128 * 128
    normalised = 4 * 2 * 128
    branch = SpectrumBranch(80_000)
    assert sum(p.numel() for p in branch.parameters()) == convolutions + dense + normalised
    # No weight that is added to all that comes in.
    biased = [m for m in branch.modules() if getattr(m, "bias", None) is not None]
    assert all(isinstance(m, nn.BatchNorm1d) for m in biased)


def test_residual_blocks_have_the_published_weights():
    """Two convolutions of 3 × 3, and one of 1 × 1 beside them where the channels change."""
    for (inputs, outputs, stride), beside in (((16, 16, 1), 0), ((16, 32, 2), 16 * 32)):
        block = ResidualBlock(inputs, outputs, stride)
        weights = sum(m.weight.numel() for m in block.modules() if isinstance(m, nn.Conv2d))
        assert weights == 9 * outputs * (inputs + outputs) + beside


def test_a_block_that_adds_nothing_gives_its_normalised_input():
    block = ResidualBlock(3, 3)
    block.layers[-1].weight.data.zero_()
    maps = torch.randn(4, 3, 6, 5)
    expected = nn.functional.batch_norm(maps, None, None, training=True)
    torch.testing.assert_close(block(maps), expected)


@pytest.mark.parametrize("frames", [3, 40, 311])
def test_embeddings_of_clips_of_any_length_are_of_one_size(frames):
    network = TwoBranchNetwork((33, 700), **SMALL)
    found = network(torch.rand(2, frames, 33), torch.rand(2, 1, 700))
    assert found.shape == (2, network.size) == (2, 10)


def test_a_tone_that_stays_is_nothing_to_the_spectrogram_s_branch():
    branch = SpectrogramBranch(33, [4, 4, 8], 5).eval()
    frames = torch.rand(2, 40, 33)
    tone = torch.rand(1, 1, 33)
    torch.testing.assert_close(branch(frames + tone), branch(frames), rtol=1e-4, atol=1e-5)


def test_spectra_are_divided_by_the_unit():
    torch.manual_seed(0)
    one = TwoBranchNetwork((33, 700), **SMALL, unit=1.0).eval()
    ten = TwoBranchNetwork((33, 700), **SMALL, unit=10.0).eval()
    ten.load_state_dict(one.state_dict())
    frames, spectra = torch.rand(2, 40, 33), torch.rand(2, 1, 700)
    torch.testing.assert_close(ten(frames, 10 * spectra), one(frames, spectra))


@pytest.mark.parametrize(("length", "kernel", "stride"), [(80_000, 256, 64), (7, 4, 3), (9, 2, 3)])
def test_padding_leaves_one_value_per_stride(length, kernel, stride):
    found = padded(torch.ones(1, length), kernel, stride)
    values = (found.shape[1] - kernel) // stride + 1
    assert values == -(-length // stride)
    assert found.sum() == length
