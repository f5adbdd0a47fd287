"""What systems of torch make of a clip's frames, as modules that a graph can be recorded of.

The scores are the systems' own code; written here is only how a clip of any length is cut.
"""

import copy

import torch
from torch import nn

from mimii_bench.export.cutting import covering, pieces, windows
from mimii_bench.export.fourier import transform
from mimii_bench.export.front_ends import squared
from mimii_bench.features.stft import periodic_window
from mimii_bench.systems.cnn_lstm import CnnLstm
from mimii_bench.systems.id_classifier import IdClassifier, surprise
from mimii_bench.systems.learned_sinc_cnn import LearnedSincCnn
from mimii_bench.systems.learning.autoencoder import WindowSystem
from mimii_bench.systems.learning.clip_classifier import ClipClassifier, probability
from mimii_bench.systems.networks.learned_sinc import HOP, N_FFT, SincFilters
from mimii_bench.util.errors import UserError


class WindowScorer(nn.Module):
    """One kind of score of a system that learns windows: all autoencoders."""

    def __init__(self, system: WindowSystem, kind: str):
        super().__init__()
        self.network = system.network
        self._system, self._kind = system, kind

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return the score of a clip, of which each input is (frame, bin)."""
        size = self._system.options.context
        return self._system.score_windows(*(windows(frames, size) for frames in inputs))[self._kind]


class ClipScorer(nn.Module):
    """Probability of `abnormal`, by a network that sees whole clips."""

    def __init__(self, system: ClipClassifier, kind: str):
        super().__init__()
        self.network = system.network

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return the score of a clip, of which each input is (frame, bin)."""
        return probability(self.network(*(frames[None] for frames in inputs)))[0]


class Lstm(nn.Module):
    """A layer of `nn.LSTM`, batch first, as the one operator that ONNX has for it.

    The exporter would write out the steps, of which a graph for clips of every length has no
    number. Outside of a graph this module gives numbers without meaning.
    """

    #: Where torch's gates (input, forget, cell, output) stand in ONNX: input, output, forget, cell.
    _ORDER = (0, 3, 1, 2)

    def __init__(self, layer: nn.LSTM):
        super().__init__()
        self._cells = layer.hidden_size
        self.register_buffer("weights", self._gates(layer.weight_ih_l0)[None])
        self.register_buffer("recurrence", self._gates(layer.weight_hh_l0)[None])
        biases = [self._gates(bias) for bias in (layer.bias_ih_l0, layer.bias_hh_l0)]
        self.register_buffer("biases", torch.cat(biases)[None])

    def _gates(self, stacked: torch.Tensor) -> torch.Tensor:
        gates = stacked.detach().chunk(4)
        return torch.cat([gates[place] for place in self._ORDER])

    def forward(self, steps: torch.Tensor) -> tuple[None, tuple[torch.Tensor, None]]:
        """Return, where `nn.LSTM` does, the last hidden state (1, clip, cell); all else is None."""
        clips, length, _ = steps.shape
        _, last = torch.onnx.ops.symbolic_multi_out(
            "LSTM",
            (steps.transpose(0, 1), self.weights, self.recurrence, self.biases),
            {"hidden_size": self._cells},
            dtypes=(steps.dtype, steps.dtype),
            shapes=((length, 1, clips, self._cells), (1, clips, self._cells)),
        )
        return None, (last, None)


class RecurrentScorer(ClipScorer):
    """As `ClipScorer`, with an LSTM in the network."""

    def __init__(self, system: CnnLstm, kind: str):
        super().__init__(system, kind)
        self.network = copy.deepcopy(system.network)
        self.network.recurrent = Lstm(system.network.recurrent)


class FixedSinc(nn.Module):
    """What `SincFilters` have learned, as constants, and their spectrogram without complex numbers.

    Parameters
    ----------
    filters : SincFilters
    """

    def __init__(self, filters: SincFilters):
        super().__init__()
        with torch.no_grad():
            gains = torch.fft.rfft(filters.taps(), N_FFT).abs().float()
        self.register_buffer("gains", (gains / gains.shape[1]).T.contiguous())
        self.transform = transform(periodic_window("hann", N_FFT), torch.float)

    def forward(self, samples: torch.Tensor) -> torch.Tensor:
        """Return the mean magnitudes (1, frame, filter) of `samples` (1, sample)."""
        power = squared(*self.transform(pieces(samples[0], N_FFT, HOP).T)).T
        return (power.sqrt() @ self.gains)[None]


class LearnedSincScorer(ClipScorer):
    """As `ClipScorer`, with filters that are learned no more."""

    def __init__(self, system: LearnedSincCnn, kind: str):
        super().__init__(system, kind)
        self.network = copy.deepcopy(system.network)
        self.network.filters = FixedSinc(system.network.filters)


class IdScorer(nn.Module):
    """Cross-entropy of an id, over the segments that cover a clip."""

    def __init__(self, system: IdClassifier, kind: str):
        super().__init__()
        if kind != "score":
            raise UserError(f"kind {kind!r}: of an id classifier only the kind score is exported")
        self.network = system.network
        self._ids, self._scale, self._size = len(system.ids), system.scale, system.options.frames

    def forward(self, frames: torch.Tensor, id: torch.Tensor) -> torch.Tensor:
        """Return the score of a clip, (frame, bin) or pairs (frame, bin, 2), for an id's place."""
        logits = self.network(self._images(covering(frames, self._size)))[-1].double()
        found = [surprise(logits, place).mean() for place in range(self._ids)]
        return torch.stack(found)[id]

    def _images(self, segments: torch.Tensor) -> torch.Tensor:
        if segments.ndim == 3:
            return self._scale.image(segments)
        # Complex spectra are only divided: their centre is 0.
        return segments.permute(0, 3, 2, 1) / self._scale.unit
