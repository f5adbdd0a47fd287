"""The feature store: one HDF5 file per (feature, mix, unit), frames stored once.

Dataset `x` (clip, frame, bin), chunked by clip, with Fletcher checksums, complex numbers in HDF5's
own type; `clip` and `label`; attributes name every parameter of the feature, the library versions,
and a checksum of the source.
A store of plain samples (`samples.Samples`) can stand for one of frames, which are then computed
whenever they are read (`Computed`).
Open a store per process: one HDF5 handle shared between processes returns wrong data.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import h5py
import numpy as np
import scipy

from mimii_bench.audio.wav import decode
from mimii_bench.corpus.mimii import SAMPLE_RATE, SAMPLES
from mimii_bench.util.atomic import replacing
from mimii_bench.util.errors import UserError


def build_store(feature, audio: Path, path: Path) -> None:
    """Compute `feature` for every WAV below `audio/{label}/` and store it at `path`.

    `feature` has `transform`, `frames`, `n_bins`, `dtype` and `parameters`. Clips are ordered by
    name. Raises UserError when the folder is empty or a WAV is damaged.
    """
    files = sorted(Path(audio).glob("*/*.wav"))
    if not files:
        raise UserError(f"{audio}: no WAV inside; delete the folder and run again")
    shape = (len(files), feature.frames(SAMPLES), feature.n_bins)
    source = hashlib.blake2b(digest_size=16)
    # Without the chunk cache a full disk is an exception here, with it a crash when HDF5 closes.
    with replacing(path) as part, h5py.File(part, "w", rdcc_nbytes=0) as store:
        kind = _stored_type(feature.dtype)
        x = store.create_dataset("x", shape, kind, chunks=(1, *shape[1:]), fletcher32=True)
        for row, file in enumerate(files):
            samples = decode(file.read_bytes(), str(file)).samples[:, 0]
            source.update(samples)
            x[row] = feature.transform(samples)
        names = [f"{file.parent.name}/{file.stem}" for file in files]
        store["clip"] = names
        store["label"] = [file.parent.name for file in files]
        store.attrs.update(_description(feature, source.hexdigest()))


def _stored_type(dtype: np.dtype | type) -> np.dtype | h5py.Datatype:
    """Return HDF5's own type of complex numbers for them, and `dtype` for all others.

    h5py would store a pair of named numbers, as it had to before HDF5 2.0; where it is built with
    an older HDF5, it still does, and reads back the same.
    """
    if np.dtype(dtype) == np.complex64 and h5py.get_config().has_native_complex:
        return h5py.Datatype(h5py.h5t.COMPLEX_IEEE_F32LE)
    return np.dtype(dtype)


def _description(feature, source: str) -> dict:
    return {
        "feature": type(feature).__name__,
        "parameters": json.dumps(feature.parameters, sort_keys=True),
        "sample_rate": SAMPLE_RATE,
        "source_blake2b": source,
        "versions": json.dumps(
            {"numpy": np.__version__, "scipy": scipy.__version__, "h5py": h5py.__version__}
        ),
    }


class Computed(NamedTuple):
    """Frames that no file holds: a store of samples, and the feature to compute of them."""

    samples: Path | str
    feature: object


#: Where frames are read from.
Source = Path | str | Computed


class FeatureStore:
    """One store, open for reading; what is damaged raises UserError."""

    def __init__(self, source: Source):
        """Open a store, or the samples to compute one of; UserError when it is no whole store."""
        path, self._feature = source if isinstance(source, Computed) else (source, None)
        try:
            self._path = path
            self._file = h5py.File(path, "r")
            self._x = self._file["x"]
            self.rows = {name.decode(): row for row, name in enumerate(self._file["clip"])}
        except (OSError, KeyError) as error:
            raise self._damaged("") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def shape(self) -> tuple[int, int]:
        """Frames and bins of one clip."""
        if self._feature:
            return self._feature.frames(self._x.shape[1]), self._feature.n_bins
        return self._x.shape[1:]

    @property
    def dtype(self) -> np.dtype:
        """Type of the numbers."""
        return np.dtype(self._feature.dtype) if self._feature else self._x.dtype

    def read_into(self, clip: str, out: np.ndarray) -> None:
        """Read one clip into `out` (frame, bin), without a copy in between if it is stored."""
        if self._feature:
            samples = np.empty(self._x.shape[1:], self._x.dtype)
            self._read_stored(clip, samples)
            out[...] = self._feature.transform(samples[:, 0])
        else:
            self._read_stored(clip, out)

    def _read_stored(self, clip: str, out: np.ndarray) -> None:
        try:
            self._x.read_direct(out, np.s_[self.rows[clip]])
        except (OSError, KeyError) as error:
            raise self._damaged(f", {clip} cannot be read") from error

    def read(self, clip: str) -> np.ndarray:
        """Return one clip, of shape (frame, bin)."""
        out = np.empty(self.shape, self.dtype)
        self.read_into(clip, out)
        return out

    def _damaged(self, what: str) -> UserError:
        return UserError(f"{self._path}: not a whole feature store{what}; delete it and run again")


def load_clips(stores: Sequence[Source], clips: Sequence[tuple[int, str]]) -> np.ndarray:
    """Return the frames of `clips`, of shape (clip, frame, bin), as one array filled in place.

    A clip is (index of its store, name). Raises UserError when a store is damaged.
    """
    wanted: dict[int, list[tuple[int, str]]] = {}
    for row, (store, name) in enumerate(clips):
        wanted.setdefault(store, []).append((row, name))
    frames = None
    for index, rows in wanted.items():
        with FeatureStore(stores[index]) as store:
            if frames is None:
                frames = np.empty((len(clips), *store.shape), store.dtype)
            for row, name in rows:
                store.read_into(name, frames[row])
    return frames
