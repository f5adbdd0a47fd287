"""Embeddings by encoders that others trained, and back ends that score them.

Saengthong and Shinozaki (2025, "Deep generic representations for domain-generalized anomalous
sound detection") and others hold a clip against the embeddings that a large encoder gives of normal
clips; nothing is trained here. The encoder is a file of the user's: see docs/encoders.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mimii_bench.systems.backends.vectors import VectorSystem
from mimii_bench.systems.encoders import files
from mimii_bench.systems.pooling import PoolingOptions, pool_frames
from mimii_bench.util.errors import UserError

#: What stands in an axis of the array that an encoder takes.
Axis = Literal["one", "time", "bin"]
#: Of a process, a file that is loaded takes so many times its size.
_COPIES = 3


class PretrainedEncoder(VectorSystem):
    """Back ends on the pooled embeddings of a clip by an encoder from a file.

    It takes samples (`resampled.Resampled`, at the rate of the encoder) or frames (any feature with
    real bins). A clip is cut into segments, the embeddings of all are pooled over time. A saved
    model holds the vectors of the training clips and names the encoder, which is needed to score.
    """

    working_mb = 400

    class Options(VectorSystem.Options, PoolingOptions):
        """Which encoder, what it takes, and what becomes of its embeddings."""

        weights: Annotated[
            str,
            Field(
                min_length=1,
                description="The file, ending in .onnx, or in .pt, .pts or .ts for TorchScript, "
                "from the folder of the run.",
            ),
        ]
        sha256: Annotated[
            str | None,
            Field(
                pattern=r"^[0-9a-f]{64}$",
                description="Which file it must be: what `sha256sum` says of it. Without it, the "
                "leaderboard leaves the system out.",
            ),
        ] = None
        axes: Annotated[
            list[Axis],
            Field(
                min_length=2,
                max_length=5,
                description="Of the array that it takes: time, bin where it takes frames, and one "
                "wherever an axis has a single entry; the batch is one.",
            ),
        ] = ["one", "time"]
        segment: Annotated[
            int | None,
            Field(
                ge=1,
                description="Frames (samples) that it takes at once; null for the whole clip. The "
                "last segment ends with the clip; a shorter clip is filled with zeros.",
            ),
        ] = None
        hop: Annotated[
            int | None,
            Field(ge=1, description="From one segment to the next; null for `segment`."),
        ] = None
        scale: Annotated[
            float, Field(description="What numbers are multiplied by for it, before the offset.")
        ] = 1.0
        offset: Annotated[float, Field(description="What is added to them.")] = 0.0
        output: Annotated[
            str | None,
            Field(
                description="The name of the output that is the embedding, of TorchScript its key "
                "or place; null for the first."
            ),
        ] = None

    def __init__(self, **given):
        super().__init__(**given)
        self._encode: files.Encode | None = None

    @classmethod
    def lacking(cls, options: Mapping) -> str:
        """Return what is missing to run with these options: the file, or its checksum."""
        given = cls.Options(**options)
        return files.lacking(Path(given.weights), given.sha256)

    @classmethod
    def working_memory(cls, options: Mapping, shapes: Sequence[tuple[int, int]]) -> float:
        """Return the MB that a training takes beside the frames of its clips."""
        path = Path(cls.Options(**options).weights)
        size = path.stat().st_size if path.is_file() else 0
        return cls.working_mb + _COPIES * size / 1e6

    def _vector(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        if len(inputs) != 1 or np.iscomplexobj(inputs[0]):
            raise UserError(
                "PretrainedEncoder takes one input, samples or real frames; give it such in "
                "report.yaml or leaderboard.yaml"
            )
        found = [self._embedded(part) for part in segments(inputs[0], self.options)]
        return pool_frames(np.concatenate(found), self.options)

    def _embedded(self, frames: np.ndarray) -> np.ndarray:
        """Return what the encoder makes of a segment (frame, bin): (embedding, dimension)."""
        given, path = self.options, self.options.weights
        if self._encode is None:
            self._encode = files.opened(Path(path), given.sha256)
        batch = arranged(frames, given.axes) * np.float32(given.scale) + np.float32(given.offset)
        try:
            outputs = self._encode(batch)
        except Exception as error:
            said = " ".join(str(error).split())[:300]
            raise UserError(
                f"{path}: it does not take an array of shape {batch.shape} ({said}); correct axes "
                "or segment"
            ) from error
        name = given.output or next(iter(outputs), "")
        if name not in outputs:
            raise UserError(
                f"{path}: it has no output {name!r}; set output to one of {', '.join(outputs)}"
            )
        found = np.asarray(outputs[name], float)
        if found.ndim < 2 or not found.size:
            raise UserError(
                f"{path}: its output {name} has the shape {found.shape}, not of vectors"
            )
        return found.reshape(-1, found.shape[-1])


def segments(frames: np.ndarray, options: PretrainedEncoder.Options) -> Iterator[np.ndarray]:
    """Yield the segments (segment, bin) of a clip (frame, bin), the last one at its end.

    Examples
    --------
    >>> options = PretrainedEncoder.Options(weights="a.onnx", segment=3, hop=2)
    >>> [one[:, 0].tolist() for one in segments(np.arange(6.0)[:, None], options)]
    [[0.0, 1.0, 2.0], [2.0, 3.0, 4.0], [3.0, 4.0, 5.0]]
    """
    size = options.segment or len(frames)
    if len(frames) < size:
        frames = np.concatenate([frames, np.zeros((size - len(frames), frames.shape[1]))])
    last = len(frames) - size
    for start in [*range(0, last, options.hop or size), last]:
        yield frames[start : start + size]


def arranged(frames: np.ndarray, axes: Sequence[Axis]) -> np.ndarray:
    """Return frames (frame, bin) as the array that an encoder takes, in single precision.

    Raises
    ------
    UserError
        For axes that do not hold the frames once.

    Examples
    --------
    >>> arranged(np.ones((3, 2)), ["one", "bin", "time"]).shape
    (1, 2, 3)
    """
    kept = [axis for axis in axes if axis != "one"]
    has_bins = "bin" in kept
    if sorted(kept) != (["bin", "time"] if has_bins else ["time"]):
        raise UserError(f"axes: {', '.join(axes)} must name time once, and bin at most once")
    if not has_bins and frames.shape[1] != 1:
        raise UserError(
            f"axes: {', '.join(axes)} have no place for {frames.shape[1]} bins; add bin, or give "
            "it samples"
        )
    array = np.ascontiguousarray(frames, np.float32)
    if not has_bins:
        array = array[:, 0]
    elif kept.index("bin") < kept.index("time"):
        array = array.T
    ones = tuple(place for place, axis in enumerate(axes) if axis == "one")
    return np.ascontiguousarray(np.expand_dims(array, ones))
