"""Clips of feature stores, with what their axes need."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from mimii_bench.features.mel import hz_to_mel, mel_to_hz
from mimii_bench.features.store import FeatureStore, Frames, build_features
from mimii_bench.figures.clips import DEFAULT, first_of_each
from mimii_bench.util.errors import UserError

#: Magnitudes below this are silence.
_TINY = 1e-6


class SpectrumScale(NamedTuple):
    """What the axes and values of a feature mean.

    Attributes
    ----------
    hop : float
        Seconds from a frame to the next.
    hertz : ndarray
        Frequencies of the first bins, as many as have one.
    rest : str
        Names the bins after them; empty where there are none.
    unit : str
        Of the levels.
    linear_from : int
        Bins from here on hold magnitudes, those before them levels.
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
    scale: SpectrumScale


class _Named(NamedTuple):
    name: str
    label: str


def read(parts: Iterable[Mapping]) -> list[list[Spectrogram]]:
    """Return the spectrograms of each part.

    Parameters
    ----------
    parts : iterable of mapping
        `store`, a path; `features`, the description of the one feature that is read of it;
        `title`; and perhaps `clips`, how many of each label.

    Raises
    ------
    UserError
        For a store of plain samples alone, and where there is no clip of a label.
    """
    return [_read_part(part) for part in parts]


def _read_part(part: Mapping) -> list[Spectrogram]:
    source = source_of(part["store"], *part["features"])
    scale = read_scale(source)
    with FeatureStore(source) as store:
        names = [_Named(name, name.split("/")[0]) for name in store.rows]
        chosen = first_of_each(names, part.get("clips", DEFAULT), part["store"])
        return [
            Spectrogram(part["title"], clip.label, levels(store.read(clip.name), scale), scale)
            for clip in chosen
        ]


def source_of(store: str, description: Mapping) -> Frames:
    """Return a feature's frames: those of its store, or of samples to compute it of."""
    (feature,) = build_features([description], [store])
    return Frames(store, feature)


def levels(values: np.ndarray, scale: SpectrumScale) -> np.ndarray:
    """Return the levels that are drawn of frames (frame, bin), some of which are magnitudes."""
    drawn = np.abs(values) if np.iscomplexobj(values) else np.array(values)
    per_decade = 20 if scale.unit == "dB" else 2
    linear = np.s_[:, scale.linear_from :]
    drawn[linear] = per_decade * np.log10(np.maximum(drawn[linear], _TINY))
    return drawn


def read_scale(source: Frames) -> SpectrumScale:
    """Return what a feature's axes mean, from its parameters and the sample rate of its store.

    Raises UserError for a store of plain samples.
    """
    with FeatureStore(source) as store:
        if "hop" not in store.parameters:
            raise UserError(f"{source.path}: it holds samples, no frames; draw recordings instead")
        return _scale(store.parameters, store.sample_rate, store.shape[1])


def _scale(parameters: Mapping, rate: int, bins: int) -> SpectrumScale:
    hop = parameters["hop"] / rate
    if "n_mels" not in parameters:
        return SpectrumScale(hop, np.linspace(0, rate / 2, bins), "", "dB", linear_from=0)
    hertz = mel_centres(parameters, rate)
    rest = f"{bins - len(hertz)} filters" if bins > len(hertz) else ""
    unit = "dB" if parameters.get("scale") == 10 else "log10 power"
    return SpectrumScale(hop, hertz, rest, unit, linear_from=len(hertz))


def mel_centres(parameters: Mapping, rate: int) -> np.ndarray:
    """Return the centre of each mel band in Hz, of recordings of a sample rate."""
    scale = parameters.get("mel_scale", "slaney")
    assumed = parameters.get("filter_rate") or rate
    ends = parameters.get("f_min", 0.0), parameters.get("f_max") or assumed / 2
    low, high = (hz_to_mel(hz, scale) for hz in ends)
    centres = mel_to_hz(np.linspace(low, high, parameters["n_mels"] + 2)[1:-1], scale)
    return centres * (rate / assumed)
