"""Classifiers of the machine id: a clip whose id they do not find is anomalous.

Report complex-net: its own systems learn the id of a segment, those after Giri et al. (2020) the
shares of all ids in a mixture of segments. The score is the cross-entropy of the clip's true id.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import numpy as np
import torch
from torch import nn

from mimii_bench.systems.learning.network import NetworkSystem, drawn_from
from mimii_bench.systems.learning.segments import Covering, Crops, Mixtures, covering
from mimii_bench.systems.learning.spectra import Scale
from mimii_bench.systems.networks.deep_encoder import ComplexDeepEncoder, DeepEncoder
from mimii_bench.systems.networks.mobilenet import MobileNetV2
from mimii_bench.util.errors import UserError

NETWORKS = {
    "mobilenet": MobileNetV2,
    "deep": DeepEncoder,
    "complex_deep": partial(ComplexDeepEncoder, attention=False),
    "complex_deep_attention": partial(ComplexDeepEncoder, attention=True),
}


class IdClassifier(NetworkSystem):
    """Learns to tell ids apart on segments of normal clips.

    The loss is the Kullback-Leibler divergence of the softmax from the target, which is the
    cross-entropy where the target is one id; summed over the heads of the network. Of several
    heads, the last one scores.

    Parameters
    ----------
    network : {"mobilenet", "deep", "complex_deep", "complex_deep_attention"}
        The last two take complex spectra.
    mixtures : bool
        Train on random convex combinations of one segment of every id.
    frames : int
        Frames per segment.
    dropout : float
        Of the network `mobilenet`, see there; the others have none.
    mixed_precision, channels_last : {"auto", True, False}
        Train in bfloat16 where torch's autocast does; keep images with the channels innermost.
        `auto` is on where CUDA trains (and knows bfloat16), off on the CPU. Scores are in single
        precision.
    micro_batch : int
        See `mimii_bench.systems.learning.loop.Schedule`.
    common
        See `NetworkSystem`.
    """

    learns = "id"

    def __init__(
        self,
        *,
        network: str = "complex_deep_attention",
        mixtures: bool = False,
        frames: int = 64,
        dropout: float = 0.2,
        mixed_precision: bool | str = "auto",
        channels_last: bool | str = "auto",
        micro_batch: int = 64,
        **common,
    ):
        if network not in NETWORKS:
            raise UserError(f"options.network: {network!r} is not {', '.join(NETWORKS)}")
        options = {
            "network": network,
            "mixtures": mixtures,
            "frames": frames,
            "dropout": dropout,
            "mixed_precision": mixed_precision,
            "channels_last": channels_last,
        }
        if not 0 <= dropout < 1:
            raise UserError(f"options.dropout: {dropout!r} is not a share below 1")
        for name in ("mixed_precision", "channels_last"):
            if options[name] not in ("auto", True, False):
                raise UserError(f"options.{name}: {options[name]!r} is not auto, true or false")
        super().__init__(options, micro_batch=micro_batch, **common)

    def fit(
        self,
        spectra: np.ndarray,
        ids: np.ndarray,
        validation: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> "IdClassifier":
        """Train on the normal clips `spectra` (clip, frame, bin) of the given `ids` (clip,).

        `validation` holds clips of the same kind and their ids, which only watch the loss. Raises
        UserError for fewer than two ids, spectra that the network does not take, clips shorter
        than a segment, validation clips of another id, and a loss that stops being a number.
        """
        self._check(spectra, ids)
        scale = Scale.of(spectra)
        self._inputs = {"ids": sorted(set(map(str, ids))), **scale._asdict()}
        kind = Mixtures if self.options["mixtures"] else Crops
        size = self.options["frames"]
        training = kind(spectra, self._targets(ids), size, self._generator)
        watched = validation and Covering(validation[0], self._targets(validation[1]), size)
        self._train(training, watched)
        return self

    def _check(self, spectra: np.ndarray, ids: np.ndarray) -> None:
        network, found = self.options["network"], sorted(set(map(str, ids)))
        if len(found) < 2:
            raise UserError(
                f"the training clips have only one id ({', '.join(found)}), and an id classifier "
                "needs two: add recordings of other ids of the machine or leave the report out"
            )
        wanted = network.startswith("complex")
        if np.iscomplexobj(spectra) != wanted:
            raise UserError(
                f"options.network: {network} takes {'complex' if wanted else 'real'} spectra; "
                "give it another feature or choose another network in report.yaml"
            )

    @property
    def ids(self) -> list[str]:
        """The ids that it tells apart, in the order of the logits."""
        return self._inputs["ids"]

    def _place(self, id: str) -> int:
        if id not in self.ids:
            raise UserError(
                f"id {id} is not one of those trained on ({', '.join(self.ids)}); "
                "give it normal training clips or leave it out"
            )
        return self.ids.index(id)

    def _targets(self, ids: Sequence[str]) -> torch.Tensor:
        places = torch.tensor([self._place(str(id)) for id in ids])
        return nn.functional.one_hot(places, len(self.ids)).float()

    def _build(self, inputs: dict, generator: torch.Generator) -> nn.Module:
        build = NETWORKS[self.options["network"]]
        if build is MobileNetV2:
            build = partial(build, dropout=self.options["dropout"], generator=generator)
        network = drawn_from(generator, lambda: build(len(inputs["ids"])))
        return network.to(memory_format=self._memory_format)

    @property
    def _mixed_precision(self) -> bool:
        wanted, cuda = self.options["mixed_precision"], self.device.type == "cuda"
        # Older GPUs only emulate bfloat16, slower than single precision.
        here = cuda and torch.cuda.is_bf16_supported(including_emulation=False)
        return here if wanted == "auto" else wanted

    @property
    def _memory_format(self) -> torch.memory_format:
        wanted = self.options["channels_last"]
        on = self.device.type == "cuda" if wanted == "auto" else wanted
        return torch.channels_last if on else torch.contiguous_format

    def _images(self, segments: torch.Tensor) -> torch.Tensor:
        images = Scale(self._inputs["centre"], self._inputs["unit"]).image(segments)
        return images.to(memory_format=self._memory_format)

    def _loss(self, segments: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        # Not float16: small gradients would need their loss scaled.
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._mixed_precision):
            heads = self._net(self._images(segments))
        return sum(divergence(logits.float(), targets) for logits in heads)

    def score(self, clips: Iterable[tuple[np.ndarray, str]]) -> dict[str, np.ndarray]:
        """Return two scores of the clips, each (clip,); a clip is (frame, bin) and its id.

        `score` is the cross-entropy of the true id, the mean over the segments that cover the
        clip [ours]. `misidentified` is 1 where another id is more probable (by the mean of the
        logarithms), else 0: its mean over normal clips is 1 - accuracy of the classifier. Raises
        UserError for an id that it was not trained on.
        """
        with torch.inference_mode():
            scores = [self._scores(spectra, str(id)) for spectra, id in clips]
        names = ("score", "misidentified")
        return dict(zip(names, np.array(scores).reshape(-1, 2).T, strict=True))

    def _scores(self, spectra: np.ndarray, id: str) -> tuple[float, float]:
        place = self._place(id)
        logits = self._net(self._covering(spectra))[-1]
        probable = logits.double().log_softmax(1).mean(0)
        return -probable[place].item(), float(probable.argmax().item() != place)

    def embed(self, clips: Iterable[tuple]) -> np.ndarray:
        """Return the last embedding (clip, dimension) of clips as `score` takes, ids not needed.

        It is what the scoring logits depend on linearly, averaged over the segments of a clip:
        the mean of F_out over bins and frames, or MobileNetV2's 1,280 features.
        """
        with torch.inference_mode():
            return np.stack(list(self._embeddings(clips)))

    def _embeddings(self, clips: Iterable[tuple]) -> Iterator[np.ndarray]:
        for spectra, *_ in clips:
            yield self._net.embed(self._covering(spectra)).mean(0).cpu().numpy()

    def _covering(self, spectra: np.ndarray) -> torch.Tensor:
        return self._images(covering(spectra, self.options["frames"]).to(self.device))


def divergence(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the mean Kullback-Leibler divergence of softmax(logits) from `targets`.

    Both are (example, class). Where a target is 1 for one class, it is the cross-entropy.
    """
    return nn.functional.kl_div(logits.log_softmax(1), targets, reduction="batchmean")
