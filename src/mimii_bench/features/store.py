"""The feature store: one HDF5 file per (feature, mix, unit), frames stored once.

Dataset `x` (clip, frame, bin), chunked by clip, with Fletcher checksums, complex numbers in HDF5's
own type, and in its attributes a CRC-32 of each clip, which rows that were altered, exchanged or
never written do not have; `clip` and `label`; attributes name the unit, the feature and every
parameter, sample rate and length of the clips, the library versions, a checksum of the source, and
one of all these words.
A store of plain samples (`samples.Samples`) can stand for one of frames, which are then computed
whenever they are read; any other store is read only as what it says it is.
Open a store per process: one HDF5 handle shared between processes returns wrong data.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import h5py
import numpy as np

from mimii_bench.features.base import Feature
from mimii_bench.features.build import build_feature
from mimii_bench.features.samples import Samples
from mimii_bench.util.checksums import checksum, damaged
from mimii_bench.util.errors import UserError

#: How many checksums an attribute holds: HDF5 allows one 64 KiB.
CRCS = 8192


def crc(frames: np.ndarray) -> int:
    """Return the CRC-32 of a clip's frames."""
    return zlib.crc32(np.ascontiguousarray(frames).view(np.uint8).data)


def words(store: h5py.File) -> str:
    """Return a checksum of all that a store holds beside its frames, and of their checksums."""
    x, said = store["x"], {**store.attrs}
    said.pop("words_sha256", None)
    facts = [
        *([name.decode() for name in store[key]] for key in ("clip", "label")),
        *(list(x.shape), str(x.dtype), sorted((key, str(said[key])) for key in said)),
        _crcs(x).tolist(),
    ]
    return checksum(json.dumps(facts).encode())


def _crcs(x: h5py.Dataset) -> np.ndarray:
    """Return the CRC-32 of each clip."""
    return np.concatenate([x.attrs[f"crc32_{start}"] for start in range(0, len(x), CRCS)])


class Frames(NamedTuple):
    """Frames of a feature: where they are stored, or the samples to compute them of."""

    path: Path | str
    feature: Feature


#: Where frames are read from; a plain path is a store that is read whatever its feature is.
FrameSource = Path | str | Frames


class FeatureStore:
    """One store, open for reading.

    Parameters
    ----------
    source : Path, str or Frames
        The store. Where a feature is given with it (`Frames`), a store of this feature is read, of
        one of plain samples it is computed, and any other is refused.

    Attributes
    ----------
    rows : dict
        The row of each clip, by its name.
    sample_rate : int
        Of the clips, in Hz.

    Raises
    ------
    UserError
        When it is not a whole store, or one of something else; so do the methods that read.
    """

    def __init__(self, source: FrameSource):
        self._path, wanted = source if isinstance(source, Frames) else (source, None)
        try:
            self._file = h5py.File(self._path, "r")
            self._x = self._file["x"]
            self._check_words()
            self._crcs = _crcs(self._x)
            self.rows = {name.decode(): row for row, name in enumerate(self._file["clip"])}
            self.sample_rate = int(self._file.attrs["sample_rate"])
            self._parameters = json.loads(self._file.attrs["parameters"])
            self._computed = self._to_compute(wanted) if wanted else None
        except (BlockingIOError, PermissionError) as error:
            raise UserError(
                f"{self._path}: cannot be read: {error.strerror or error}; another process may "
                "have locked it: wait for it, or make the file readable, then run again"
            ) from error
        except (OSError, KeyError, ValueError, TypeError, AttributeError, RuntimeError) as error:
            raise self._damaged("") from error

    def _check_words(self) -> None:
        """Raise UserError unless it is whole, stands where it was written, and has its own data."""
        known = self._file.attrs["words_sha256"], self._file.attrs["place"]
        if _is_elsewhere(self._file):
            raise damaged(self._path, "its frames stand in other files")
        if known[0] != words(self._file):
            raise damaged(self._path, "what it says of its clips is not as it was written")
        if not Path(self._path).with_suffix("").as_posix().endswith(known[1]):
            raise damaged(self._path, f"it is the store of {known[1]}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _to_compute(self, wanted: Feature) -> Feature | None:
        """Return what has to be computed of the samples stored, None where frames are stored."""
        if self.sample_rate != wanted.sample_rate:
            raise UserError(
                f"{self._path}: its clips are sampled at {self.sample_rate} Hz, not at "
                f"{wanted.sample_rate}; all units of a training must be alike"
            )
        held = {"feature": self._file.attrs["feature"], **self._parameters}
        asked = {"feature": type(wanted).__name__, **wanted.parameters}
        if held == asked:
            return None
        if held["feature"] == Samples.__name__:
            return wanted
        key = next(key for key in [*asked, *held] if asked.get(key) != held.get(key))
        raise UserError(
            f"{self._path}: the {key} of its frames is {held.get(key)}, not {asked.get(key)}; "
            f"delete {self._path} and run again"
        )

    @property
    def parameters(self) -> dict:
        """Every parameter of the feature that is read."""
        return self._computed.parameters if self._computed else self._parameters

    @property
    def shape(self) -> tuple[int, int]:
        """Frames and bins of one clip."""
        if self._computed:
            return self._computed.frames(self._x.shape[1]), self._computed.n_bins
        return self._x.shape[1:]

    @property
    def dtype(self) -> np.dtype:
        """Type of the numbers."""
        return np.dtype(self._computed.dtype) if self._computed else self._x.dtype

    def read_into(self, clip: str, out: np.ndarray) -> None:
        """Read one clip into `out` (frame, bin), without a copy in between if it is stored."""
        if self._computed:
            samples = np.empty(self._x.shape[1:], self._x.dtype)
            self._read_stored(clip, samples)
            out[...] = self._computed.transform(samples[:, 0])
        else:
            self._read_stored(clip, out)

    def _read_stored(self, clip: str, out: np.ndarray) -> None:
        try:
            row = self.rows[clip]
            self._x.read_direct(out, np.s_[row])
        except (OSError, KeyError) as error:
            raise self._damaged(f", {clip} cannot be read") from error
        if crc(out) != self._crcs[row]:
            raise self._damaged(f", {clip} is not as it was written")

    def read(self, clip: str) -> np.ndarray:
        """Return one clip, of shape (frame, bin)."""
        out = np.empty(self.shape, self.dtype)
        self.read_into(clip, out)
        return out

    def verify(self) -> None:
        """Read all clips; raises UserError for the first one that is not as it was written."""
        out = np.empty(self._x.shape[1:], self._x.dtype)
        for clip in self.rows:
            self._read_stored(clip, out)

    def _damaged(self, what: str) -> UserError:
        return damaged(self._path, f"not a whole feature store{what}")


def _is_elsewhere(file: h5py.File) -> bool:
    """Tell whether data of a store are links to, or parts of, other files."""
    sets = [file[name] for name in ("x", "clip", "label")]
    links = [file.get(one.name, getlink=True) for one in sets]
    return any(one.is_virtual or one.external for one in sets) or not all(
        isinstance(link, h5py.HardLink) for link in links
    )


def build_features(descriptions: Sequence[Mapping], stores: Sequence[Path | str]) -> list[Feature]:
    """Return the feature of each description, for the sample rate of its store."""
    pairs = zip(descriptions, stores, strict=True)
    return [build_feature(given, _rate_of(path)) for given, path in pairs]


def _rate_of(path: Path | str) -> int:
    with FeatureStore(path) as store:
        return store.sample_rate


def load_clips(stores: Sequence[FrameSource], clips: Sequence[tuple[int, str]]) -> np.ndarray:
    """Return the frames of several clips as one array, filled in place.

    Parameters
    ----------
    stores : sequence of FrameSource
    clips : sequence of (int, str)
        Of each clip the index of its store, and its name.

    Returns
    -------
    ndarray, shape (clip, frame, bin)

    Raises
    ------
    UserError
        When a store is damaged or has frames of another shape than the first.
    """
    wanted: dict[int, list[tuple[int, str]]] = {}
    for row, (store, name) in enumerate(clips):
        wanted.setdefault(store, []).append((row, name))
    frames = None
    for index, rows in wanted.items():
        with FeatureStore(stores[index]) as store:
            if frames is None:
                frames = np.empty((len(clips), *store.shape), store.dtype)
            if store.shape != frames.shape[1:]:
                raise UserError(
                    f"{_path(stores[index])}: its clips are of shape {store.shape}, others' are of "
                    f"{frames.shape[1:]}; all units of a training must be alike"
                )
            for row, name in rows:
                store.read_into(name, frames[row])
    return frames


def _path(source: FrameSource) -> Path | str:
    return source.path if isinstance(source, Frames) else source
