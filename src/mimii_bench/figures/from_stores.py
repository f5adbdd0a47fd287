"""Clips of feature stores, with what their axes need."""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import h5py
import numpy as np

from mimii_bench.features.build import build_feature
from mimii_bench.features.mel import hz_to_mel, mel_to_hz
from mimii_bench.features.store import Computed, FeatureStore, Source
from mimii_bench.figures.clips import DEFAULT, first_of_each
from mimii_bench.util.errors import UserError

#: Magnitudes below this are silence.
_TINY = 1e-6


class Scale(NamedTuple):
    """What the axes and values of a feature mean.

    `hop` is the seconds from frame to frame; `hertz` the frequency of each of the first bins, as
    many as have one; `rest` names the bins after them; `unit` is that of the levels; bins from
    `linear_from` on hold magnitudes, those before them levels.
    """

    hop: float
    hertz: np.ndarray
    rest: str
    unit: str
    linear_from: int


class Spectrogram(NamedTuple):
    """One clip: `values` of shape (frame, bin)."""

    title: str
    label: str
    values: np.ndarray
    scale: Scale


class _Named(NamedTuple):
    name: str
    label: str


def read(parts: Iterable[Mapping]) -> list[list[Spectrogram]]:
    """Return the spectrograms of each part: clips of its `store`.

    Where the store holds samples, `computed` describes the feature to compute of them.
    """
    return [_read_part(part) for part in parts]


def _read_part(part: Mapping) -> list[Spectrogram]:
    source = source_of(part["store"], part["computed"])
    scale = read_scale(source)
    with FeatureStore(source) as store:
        names = [_Named(name, name.split("/")[0]) for name in store.rows]
        chosen = first_of_each(names, part.get("clips", DEFAULT), part["store"])
        return [
            Spectrogram(part["title"], clip.label, levels(store.read(clip.name), scale), scale)
            for clip in chosen
        ]


def source_of(store: str, computed: Mapping | None) -> Source:
    """Return what a feature is read from: its store, or one of samples to compute it of."""
    return Computed(store, build_feature(dict(computed))) if computed else store


def levels(values: np.ndarray, scale: Scale) -> np.ndarray:
    """Return the levels that are drawn of frames (frame, bin), some of which are magnitudes."""
    drawn = np.abs(values) if np.iscomplexobj(values) else np.array(values)
    per_decade = 20 if scale.unit == "dB" else 2
    linear = np.s_[:, scale.linear_from :]
    drawn[linear] = per_decade * np.log10(np.maximum(drawn[linear], _TINY))
    return drawn


def read_scale(source: Source) -> Scale:
    """Return what a feature's axes mean, from its own parameters or its store's attributes.

    Raises UserError for a store of plain samples.
    """
    path = source.samples if isinstance(source, Computed) else source
    with FeatureStore(source) as store, h5py.File(path, "r") as file:
        rate, bins = int(file.attrs["sample_rate"]), store.shape[1]
        parameters = json.loads(file.attrs["parameters"])
    if isinstance(source, Computed):
        parameters = source.feature.parameters
    if "hop" not in parameters:
        raise UserError(f"{path}: it holds samples, no frames; draw recordings instead")
    return _scale(parameters, rate, bins)


def _scale(parameters: Mapping, rate: int, bins: int) -> Scale:
    hop = parameters["hop"] / rate
    if "n_mels" not in parameters:
        return Scale(hop, np.linspace(0, rate / 2, bins), "", "dB", linear_from=0)
    hertz = mel_centres(parameters, rate)
    rest = f"{bins - len(hertz)} filters" if bins > len(hertz) else ""
    unit = "dB" if parameters.get("scale") == 10 else "log10 power"
    return Scale(hop, hertz, rest, unit, linear_from=len(hertz))


def mel_centres(parameters: Mapping, rate: int) -> np.ndarray:
    """Return the centre of each mel band in Hz."""
    scale = parameters.get("mel_scale", "slaney")
    ends = parameters.get("f_min", 0.0), parameters.get("f_max", rate / 2)
    low, high = (hz_to_mel(hz, scale) for hz in ends)
    return mel_to_hz(np.linspace(low, high, parameters["n_mels"] + 2)[1:-1], scale)
