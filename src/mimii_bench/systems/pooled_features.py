"""Pooled features of one channel or several, and back ends: what networks have to beat."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from mimii_bench.systems.backends.vectors import VectorSystem
from mimii_bench.systems.pooling import PoolingOptions, pool_frames
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import each_once

Axis = Literal["time", "frequency"]


class PooledFeatures(VectorSystem):
    """Back ends on pooled frames, of several inputs (channels, features) one after the other."""

    class Options(VectorSystem.Options, PoolingOptions):
        """How a clip becomes a vector, and how that is scored."""

        over: Annotated[
            list[Axis],
            each_once("axis"),
            Field(
                min_length=1,
                description="What is pooled over: time leaves a number per bin, frequency one per "
                "frame, for which clips must be of one length.",
            ),
        ] = ["time"]

    def _vector(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        return np.concatenate(
            [
                pool_frames(frames if axis == "time" else frames.T, self.options)
                for frames in map(_real, inputs)
                for axis in self.options.over
            ]
        )


def _real(frames: np.ndarray) -> np.ndarray:
    if np.iscomplexobj(frames):
        raise UserError("PooledFeatures takes real frames; give it another feature in report.yaml")
    return frames
