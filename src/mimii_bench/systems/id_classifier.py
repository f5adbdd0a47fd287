"""Classifiers of the machine id: a clip whose id they do not find is anomalous.

Report complex-net: its own systems learn the id of a segment, those after Giri et al. (2020) the
shares of all ids in a mixture of segments. The score is the cross-entropy of the clip's true id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
import wrapt
from pydantic import Field, model_validator

from mimii_bench.systems.learning.id_network import IdNetwork
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    from torch import nn

torch = wrapt.lazy_import("torch")
deep_encoder = wrapt.lazy_import("mimii_bench.systems.networks.deep_encoder")
shared_layers = wrapt.lazy_import("mimii_bench.systems.networks.layers")
mobilenet = wrapt.lazy_import("mimii_bench.systems.networks.mobilenet")
segmenting = wrapt.lazy_import("mimii_bench.systems.learning.segments")
spectral = wrapt.lazy_import("mimii_bench.systems.learning.spectra")

Switch = Literal["auto", True, False]


#: Bytes that each number of a segment in a batch takes in the layers of a network, both ways.
_IN_LAYERS = {"mobilenet": 1000, "deep": 260, "complex_deep": 600, "complex_deep_attention": 600}


class IdClassifier(IdNetwork):
    """Learns to tell ids apart on segments of normal clips.

    The loss is the Kullback-Leibler divergence of the softmax from the target, which is the
    cross-entropy where the target is one id; summed over the heads of the network. Of several
    heads, the last one scores. With mixed precision or not, scores are in single precision.
    """

    class Options(IdNetwork.Options):
        """Network, segments, and how it is trained."""

        network: Annotated[
            Literal["mobilenet", "deep", "complex_deep", "complex_deep_attention"],
            Field(description="The last two take complex spectra."),
        ] = "complex_deep_attention"
        width: Annotated[
            int,
            Field(
                ge=1,
                le=1000,
                description="Of the network deep: so many times the channels, in as many groups. "
                "2 has as many real maps, and in its convolutions as many weights, as the complex "
                "networks.",
            ),
        ] = 1
        heads: Annotated[
            Literal[1, 3],
            Field(description="Of the network deep: losses. The complex networks have three."),
        ] = 1
        mixtures: Annotated[
            bool,
            Field(description="Train on random convex combinations of one segment of every id."),
        ] = False
        frames: Annotated[int, Field(ge=1, le=1_000_000, description="Frames per segment.")] = 64
        dropout: Annotated[
            float,
            Field(ge=0, lt=1, description="Of the network mobilenet; the others have none."),
        ] = 0.2
        mixed_precision: Annotated[
            Switch,
            Field(
                description="Train in bfloat16 where torch's autocast does; auto: where CUDA "
                "trains and knows it."
            ),
        ] = "auto"
        channels_last: Annotated[
            Switch,
            Field(description="Keep images with the channels innermost; auto: where CUDA trains."),
        ] = "auto"
        micro_batch: Annotated[
            int,
            Field(
                ge=1,
                description="Segments that are in memory at once; larger batches add up gradients.",
            ),
        ] = 64

        @model_validator(mode="after")
        def _of_the_network(self) -> Self:
            if self.network != "deep" and (self.width, self.heads) != (1, 1):
                raise ValueError("width and heads are options of the network deep alone")
            return self

    @classmethod
    def working_memory(cls, options: Mapping, shapes: Sequence[tuple[int, int]]) -> float:
        """Return the MB that a training takes beside the frames of its clips."""
        chosen = cls.Options(**options)
        numbers = chosen.micro_batch * chosen.frames * shapes[0][1]
        return cls.working_mb + numbers * chosen.width * _IN_LAYERS[chosen.network] / 1e6

    def fit(
        self,
        spectra: np.ndarray,
        ids: np.ndarray,
        validation: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> Self:
        """Train on normal clips of several ids.

        Parameters
        ----------
        spectra : ndarray (clip, frame, bin)
            Real or complex, as the network takes them.
        ids : ndarray (clip,)
        validation : tuple of ndarray, optional
            Clips of the same kind and their ids, which only watch the loss.

        Raises
        ------
        UserError
            For fewer than two ids, spectra that the network does not take, clips shorter than a
            segment, validation clips of another id, and a loss that stops being a number.
        """
        found = self._distinct(
            ids,
            "an id classifier needs two: add recordings of other ids of the machine or leave the "
            "report out",
        )
        self._check(spectra)
        self._inputs = {"ids": found, **spectral.Scale.of(spectra)._asdict()}
        kind = segmenting.Mixtures if self.options.mixtures else segmenting.Crops
        training = kind(spectra, self._shares(ids), self.options.frames, self._generator)
        self._train(training, validation and self._watched(*validation))
        return self

    def _watched(self, spectra: np.ndarray, ids: np.ndarray) -> segmenting.Covering:
        return segmenting.Covering(spectra, self._shares(ids), self.options.frames)

    def _check(self, spectra: np.ndarray) -> None:
        network = self.options.network
        wanted = network.startswith("complex")
        if np.iscomplexobj(spectra) != wanted:
            raise UserError(
                f"options.network: {network} takes {'complex' if wanted else 'real'} spectra; "
                "give it another feature or choose another network in report.yaml"
            )

    def _build(self, inputs: dict, generator: torch.Generator) -> nn.Module:
        given, classes = self.options, len(inputs["ids"])

        def build() -> nn.Module:
            if given.network == "mobilenet":
                return mobilenet.MobileNetV2(classes, given.dropout, generator)
            if given.network == "deep":
                return deep_encoder.DeepEncoder(classes, given.width, given.heads)
            return deep_encoder.ComplexDeepEncoder(classes, self._attends)

        network = shared_layers.drawn_from(generator, build)
        return network.to(memory_format=self._memory_format)

    @property
    def _attends(self) -> bool:
        return self.options.network == "complex_deep_attention"

    @property
    def _mixed_precision(self) -> bool:
        wanted, cuda = self.options.mixed_precision, self.device.type == "cuda"
        # Older GPUs only emulate bfloat16, slower than single precision.
        here = cuda and torch.cuda.is_bf16_supported(including_emulation=False)
        return here if wanted == "auto" else wanted

    @property
    def _memory_format(self) -> torch.memory_format:
        wanted = self.options.channels_last
        on = self.device.type == "cuda" if wanted == "auto" else wanted
        return torch.channels_last if on else torch.contiguous_format

    @property
    def scale(self) -> spectral.Scale:
        """Offset and unit of the spectra that it was trained on."""
        return spectral.Scale(self._inputs["centre"], self._inputs["unit"])

    def _images(self, segments: torch.Tensor) -> torch.Tensor:
        return self.scale.image(segments).to(memory_format=self._memory_format)

    def _loss(self, segments: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        # Not float16: small gradients would need their loss scaled.
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._mixed_precision):
            heads = self._net(self._images(segments))
        return sum(divergence(logits.float(), targets) for logits in heads)

    def score(self, clips: Iterable[tuple[np.ndarray, str]]) -> dict[str, np.ndarray]:
        """Return two scores of clips, and with attention a third number.

        Parameters
        ----------
        clips : iterable of (ndarray (frame, bin), str)
            Each with its id.

        Returns
        -------
        dict of str to ndarray (clip,)
            `score` is the cross-entropy of the true id, the mean over the segments that cover the
            clip [ours]. `misidentified` is 1 where another id is more probable (by the mean of the
            logarithms), else 0: its mean over normal clips is 1 - accuracy of the classifier.
            `attention_complex` is how much of the attention, which is 1 over all channels, the
            channels of the complex branch have: the mean over the segments; .5 is even.

        Raises
        ------
        UserError
            For an id that it was not trained on.
        """
        kinds = ("score", "misidentified", *(["attention_complex"] if self._attends else []))
        with torch.inference_mode():
            found = [self._scores(spectra, str(id)) for spectra, id in clips]
        return dict(zip(kinds, np.array(found).reshape(-1, len(kinds)).T, strict=True))

    def _scores(self, spectra: np.ndarray, id: str) -> tuple[float, ...]:
        place, images = self._place(id), self._covering(spectra)
        heads, attention = self._net.attend(images) if self._attends else (self._net(images), None)
        logits = heads[-1].double()
        likeliest = logits.log_softmax(1).mean(0).argmax().item()
        scores = surprise(logits, place).mean().item(), float(likeliest != place)
        if attention is None:
            return scores
        return *scores, attention[:, len(self.ids) :].double().sum(1).mean().item()

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
        return self._images(segmenting.covering(spectra, self.options.frames).to(self.device))


def surprise(logits: torch.Tensor, place: int) -> torch.Tensor:
    """Return the cross-entropy (example,) of the class at `place`, for `logits` (example, class).

    It is log(1 + sum of exp(others - own)). As the logarithm of a softmax, all below 1e-16 would be
    0: clips that the network is sure of would be ties.
    """
    others = torch.cat([logits[:, :place], logits[:, place + 1 :]], dim=1)
    behind = torch.logsumexp(others, dim=1) - logits[:, place]
    return torch.logaddexp(torch.zeros_like(behind), behind)


def divergence(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the mean Kullback-Leibler divergence of softmax(logits) from `targets`.

    Both are (example, class). Where a target is 1 for one class, it is the cross-entropy.
    """
    return torch.nn.functional.kl_div(logits.log_softmax(1), targets, reduction="batchmean")
