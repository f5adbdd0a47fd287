"""Embeddings of a network that tells machines apart, and back ends that score them.

Wilkinghoff (2021, "Sub-cluster AdaCos: learning representations for anomalous sound detection";
2023, "Design choices for learning embeddings from auxiliary tasks for domain generalization in
anomalous sound detection"): a network of two branches learns on normal clips of which machine they
are; a clip is anomalous whose embedding lies far from those of its own machine. Classes are the ids
of the pool, with their machines where it has several of these, and with the domains and attributes
that some corpora tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

import numpy as np
import wrapt
from pydantic import Field

from mimii_bench.systems.backends.named import BackEndOptions, make_back_ends
from mimii_bench.systems.backends.oversampling import smote
from mimii_bench.systems.learning.id_network import IdNetwork
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    from torch import nn

    from mimii_bench.systems.backends.base import BackEnd

torch = wrapt.lazy_import("torch")
heads = wrapt.lazy_import("mimii_bench.systems.networks.margin_heads")
mixing = wrapt.lazy_import("mimii_bench.systems.learning.mixup")
shared_layers = wrapt.lazy_import("mimii_bench.systems.networks.layers")
two_branch = wrapt.lazy_import("mimii_bench.systems.networks.two_branch")

Size = Annotated[int, Field(ge=1, le=10_000)]
#: What the references of all classes are called where they are not kept apart.
_ALL = "all"
#: Bytes that each number of a spectrogram in a batch takes in the layers, both ways, per channel of
#: the first convolution.
_IN_LAYERS = 14


class DiscriminativeEmbedding(IdNetwork):
    """Embeddings of spectrogram and spectrum, which a network learned that tells ids apart.

    Takes two inputs: magnitudes of frames, and a frame with the spectrum of the whole clip. Back
    ends score embeddings at length 1.

    Attributes
    ----------
    back_ends_ : dict of str to dict of str to BackEnd
        Fitted, by class and kind of score; where references are not kept apart, of `all`.
    """

    class Options(IdNetwork.Options, BackEndOptions):
        """Network, head, back ends, and how it is trained."""

        channels: Annotated[
            list[Size],
            Field(
                min_length=2,
                description="Of the spectrogram's first convolution, and of each of its pairs of "
                "residual blocks.",
            ),
        ] = [16, 16, 32, 64, 128]
        spectrum_channels: Annotated[
            Size, Field(description="Of the spectrum's convolutions and dense layers.")
        ] = 128
        embedding: Annotated[Size, Field(description="Numbers that each branch gives.")] = 128
        head: Annotated[
            Literal["adacos", "arcface", "softmax"], Field(description="What tells classes apart.")
        ] = "adacos"
        sub_clusters: Annotated[
            int, Field(ge=1, le=1000, description="Of adacos: centres of each class.")
        ] = 16
        dynamic_scale: Annotated[
            bool, Field(description="Of adacos: whether the scale follows the training, or stays.")
        ] = True
        learned_centres: Annotated[
            bool, Field(description="Of adacos: whether centres are learned, or stay as drawn.")
        ] = False
        scale: Annotated[float, Field(gt=0, description="Of arcface: of the cosines.")] = 30.0
        margin: Annotated[
            float, Field(ge=0, le=3, description="Of arcface: added to the angle, in radians.")
        ] = 0.5
        mixup: Annotated[
            float,
            Field(ge=0, le=1, description="Share of the training examples that are mixtures."),
        ] = 1.0
        references: Annotated[
            Literal["own", "all"],
            Field(description="Whether a clip is held against those of its own class, or of all."),
        ] = "own"
        smote: Annotated[
            int | None,
            Field(
                ge=1,
                description="Where references are all: rare classes get made ones, between so many "
                "neighbours, up to the number of the largest.",
            ),
        ] = None
        # Whole clips, in which the maps of a network take megabytes each.
        micro_batch: Annotated[
            int,
            Field(
                ge=1,
                description="Clips that are in memory at once; larger batches add up gradients, "
                "and normalise within.",
            ),
        ] = 64

    @classmethod
    def working_memory(cls, options: Mapping, shapes: Sequence[tuple[int, int]]) -> float:
        """Return the MB that a training takes beside the frames of its clips."""
        chosen = cls.Options(**options)
        at_once = min(chosen.batch_size or chosen.micro_batch, chosen.micro_batch)
        frames, bins = shapes[0]
        maps = at_once * frames * bins * chosen.channels[0] * _IN_LAYERS
        wide = at_once * shapes[1][1] / 64 * chosen.spectrum_channels * 16
        return cls.working_mb + (maps + wide) / 1e6

    def fit(
        self,
        spectrograms: np.ndarray,
        spectra: np.ndarray,
        ids: np.ndarray,
        validation: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
        *,
        conditions: Sequence[str] | None = None,
    ) -> Self:
        """Train on normal clips of several ids.

        Parameters
        ----------
        spectrograms : ndarray (clip, frame, bin)
            Magnitudes.
        spectra : ndarray (clip, 1, bin)
            Magnitudes of the whole clip.
        ids : ndarray (clip,)
        validation : tuple of ndarray, optional
            Clips of the same kind and their ids, which only watch the loss.
        conditions : sequence of str, optional
            Under what conditions each clip was recorded (Wilkinghoff 2023 has machine, section and
            attributes): a class is then an id under a condition. Validation clips may have others
            and are not watched. A clip is scored by the training clips of its id all the same.

        Raises
        ------
        UserError
            For fewer than two ids, inputs that are not what it takes, validation clips of another
            id, clips on which a back end cannot be fitted, and a loss that stops being a number.
        """
        names = self._distinct(
            ids,
            "an embedding that tells them apart needs two: add recordings of other ids, or leave "
            "it out",
        )
        self._check(spectrograms, spectra)
        self._inputs = {
            "ids": names,
            "bins": [spectrograms.shape[2], spectra.shape[2]],
            "unit": _unit(spectra),
            "classes": [names.index(str(id)) for id in ids],
        }
        shares, watched = self._shares(ids), self._watched(validation)
        if conditions is not None:
            shares, watched = _shares_of_pairs(zip(ids, conditions, strict=True)), None
            self._inputs["told_apart"] = shares.shape[1]
        training = mixing.MixedClips(
            (spectrograms, spectra), shares, self.options.mixup, self._generator
        )
        self._train(training, watched)
        clips = zip(spectrograms, spectra, strict=True)
        self._net.references.copy_(torch.from_numpy(self.embed(clips)))
        self._fit_back_ends()
        return self

    def _check(self, spectrograms: np.ndarray, spectra: np.ndarray) -> None:
        if np.iscomplexobj(spectrograms) or np.iscomplexobj(spectra) or spectra.shape[1] != 1:
            raise UserError(
                "DiscriminativeEmbedding takes magnitudes of frames and then, in one frame, of the "
                "whole clip (spectrum.Magnitude, spectrum.ClipSpectrum); give it such inputs"
            )

    def _watched(self, validation: Sequence[np.ndarray] | None) -> mixing.ClassifiedClips | None:
        if not validation:
            return None
        *inputs, ids = validation
        return mixing.ClassifiedClips(inputs, self._shares(ids))

    def _build(self, inputs: dict, generator: torch.Generator) -> nn.Module:
        given = self.options

        def build() -> nn.Module:
            branches = two_branch.TwoBranchNetwork(
                inputs["bins"],
                given.channels,
                given.spectrum_channels,
                given.embedding,
                inputs["unit"],
            )
            network = torch.nn.Module()
            network.branches = branches
            network.head = self._head(branches.size, inputs.get("told_apart", len(inputs["ids"])))
            references = torch.zeros(len(inputs["classes"]), branches.size)
            network.register_buffer("references", references)
            return network

        network = shared_layers.drawn_from(generator, build)
        # With the channels innermost a processor takes a third less time for a clip.
        network.branches.spectrogram.to(memory_format=torch.channels_last)
        return network

    def _head(self, size: int, classes: int) -> nn.Module:
        given = self.options
        if given.head == "softmax":
            return heads.SoftmaxHead(size, classes)
        if given.head == "arcface":
            return heads.ArcFaceHead(size, classes, given.scale, given.margin)
        return heads.AdaCosHead(
            size, classes, given.sub_clusters, given.dynamic_scale, given.learned_centres
        )

    def _loss(self, *examples: torch.Tensor) -> torch.Tensor:
        spectrograms, spectra, shares = examples
        return self._net.head(self._net.branches(spectrograms, spectra), shares)

    def _fit_back_ends(self) -> None:
        vectors = self._net.references.cpu().double().numpy()
        groups = np.array(self.ids)[self._inputs["classes"]]
        if self.options.references == "all":
            if self.options.smote:
                vectors, groups = smote(vectors, groups, self.options.smote, self.seed)
            groups = np.full(len(vectors), _ALL)
        names = sorted(set(groups.tolist()))
        self.back_ends_ = {name: self._fitted(name, vectors[groups == name]) for name in names}

    def _fitted(self, name: str, vectors: np.ndarray) -> dict[str, BackEnd]:
        found = make_back_ends(self.options, self.seed)
        for kind, back_end in found.items():
            try:
                back_end.fit(vectors)
            except ValueError as error:
                raise UserError(
                    f"DiscriminativeEmbedding: back end {kind} cannot fit {len(vectors)} clips of "
                    f"{name}: {error}"
                ) from error
        return found

    def score(self, clips: Iterable[tuple[np.ndarray, np.ndarray, str]]) -> dict[str, np.ndarray]:
        """Return one number per clip, of shape (clip,), by each of the back ends.

        Parameters
        ----------
        clips : iterable of (ndarray (frame, bin), ndarray (1, bin), str)
            Each with its id.

        Raises
        ------
        UserError
            For an id that it was not trained on.
        """
        found = [self._scores(*clip) for clip in clips]
        kinds = next(iter(self.back_ends_.values()))
        return {kind: np.array([one[kind] for one in found], float) for kind in kinds}

    def _scores(self, spectrogram: np.ndarray, spectrum: np.ndarray, id: str) -> dict[str, float]:
        name = self._known(str(id)) if self.options.references == "own" else _ALL
        vector = self.embed([(spectrogram, spectrum)]).astype(float)
        return {kind: found.score(vector).item() for kind, found in self.back_ends_[name].items()}

    def embed(self, clips: Iterable[tuple]) -> np.ndarray:
        """Return the embeddings (clip, dimension) of clips as `score` takes, ids not needed.

        They have length 1.
        """
        with torch.inference_mode():
            found = [self._embedded(*clip[:2]) for clip in clips]
        return np.stack(found)

    def _embedded(self, *inputs: np.ndarray) -> np.ndarray:
        one = [torch.from_numpy(frames[None]).to(self.device) for frames in inputs]
        return torch.nn.functional.normalize(self._net.branches(*one))[0].cpu().numpy()

    @classmethod
    def load(cls, weights: Path, description: Path, device: str = "cpu") -> Self:
        """Read back what `save` wrote, ready to score.

        Raises
        ------
        UserError
            For a damaged model.
        """
        system = super().load(weights, description, device)
        system._fit_back_ends()
        return system


def _shares_of_pairs(pairs: Iterable[tuple[str, str]]) -> torch.Tensor:
    """Return the share of each class in each clip (clip, class), a class being one of the pairs."""
    pairs = list(pairs)
    classes = sorted(set(pairs))
    places = torch.tensor([classes.index(pair) for pair in pairs])
    return torch.nn.functional.one_hot(places, len(classes)).float()


def _unit(spectra: np.ndarray) -> float:
    """Return the root mean square of `spectra`, taken clip by clip: a copy would be large."""
    squares = np.mean([np.square(clip, dtype=float).mean() for clip in spectra])
    # Silence has no unit; it stays what it is.
    return float(np.sqrt(squares)) or 1.0
