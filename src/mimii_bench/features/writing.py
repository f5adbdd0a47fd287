"""Writing feature stores, from folders of WAVs or from the recordings of the corpus themselves."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path

import deflate
import h5py
import numpy as np
import scipy

from mimii_bench.audio.mixes import parse_mix
from mimii_bench.audio.sounds import Sound, files_in, in_folder, in_source
from mimii_bench.corpus.base import Clip
from mimii_bench.corpus.sources import ClipSource
from mimii_bench.features.base import Feature
from mimii_bench.features.build import build_feature
from mimii_bench.features.store import CRCS, crc, words
from mimii_bench.util.atomic import replacing
from mimii_bench.util.errors import UserError


def build_store(
    description: Mapping, audio: Path, path: Path, place: str = "", sealed: bool = False
) -> None:
    """Compute a feature for every WAV below `audio/{label}/` and store it at `path`.

    Sample rate and length are those of the WAVs; clips are ordered by name.

    Parameters
    ----------
    description : mapping
        The feature's `class`, as in `logmel.LogMel`, and beside it its options.
    audio, path : Path
        The folder of the clips, and the file to write.
    place : str
        Of what mix and unit the clips are, `{mix}/{machine}/{snr}/id_{id}`: a store that says so is
        read only under a path that ends so.
    sealed : bool
        Whether the folder has checksums that must hold, as those of `audio.unit` do.

    Raises
    ------
    UserError
        When the folder is empty, a WAV is damaged, not as it was written or unlike the others in
        rate or length, a clip is shorter than a frame, or a frame is no number.
    """
    StoreBuilder(description).build_from_mix(audio, place, path, sealed)


class StoreBuilder:
    """Computes a feature of clips, from folders of mixes or as they are read from the corpus.

    Parameters
    ----------
    description : mapping
        The feature's `class`, as in `logmel.LogMel`, and beside it its options.
    """

    def __init__(self, description: Mapping):
        # Filters take longer to make than to apply.
        self._made = cache(partial(build_feature, description))

    def build_from_mix(self, audio: Path, place: str, path: Path, sealed: bool = True) -> None:
        """Write the store of a folder of WAVs; see `build_store`."""
        count = len(files_in(audio))
        if not count:
            raise UserError(f"{audio}: no WAV inside; delete the folder and run again")
        with _written(path, self._made, count, place) as add:
            for sound in in_folder(audio, sealed):
                add(sound)

    def build(
        self, source: ClipSource, clips: Sequence[Clip], unit: str, stores: Mapping[str, Path]
    ) -> None:
        """Write the stores of one unit, one for each mix.

        Parameters
        ----------
        source : ClipSource
        clips : sequence of Clip
            Of that unit; each is read once.
        unit : str
            Its path, `{machine}/{snr}/id_{id}`.
        stores : {mix: Path}

        Raises
        ------
        UserError
            As `build_store` and `audio.sounds.in_source` do.
        """
        mixes = list(map(parse_mix, stores))
        with ExitStack() as stack:
            adds = [
                stack.enter_context(_written(path, self._made, len(clips), f"{mix}/{unit}"))
                for mix, path in stores.items()
            ]
            for sounds in in_source(source, clips, mixes):
                for add, sound in zip(adds, sounds, strict=True):
                    add(sound)


@contextmanager
def _written(
    path: Path, made: Callable[[int], Feature], clips: int, place: str
) -> Iterator[Callable[[Sound], None]]:
    """Yield what adds a clip to a new store, which appears when all of them are in it."""
    # Without the chunk cache a full disk is an exception here, with it a crash when HDF5 closes.
    with replacing(path) as part, h5py.File(part, "w", rdcc_nbytes=0) as file:
        writer = _Writer(file, made, clips)
        yield writer.add
        writer.finish(place)


class _Writer:
    """A store as it is filled; `made` returns the feature for the rate of its recordings."""

    def __init__(self, file: h5py.File, made: Callable[[int], Feature], clips: int):
        self._file, self._made = file, made
        self._crcs = np.empty(clips, np.uint32)
        self._source = 0
        self._clips: list[tuple[str, str]] = []

    def add(self, sound: Sound) -> None:
        """Store the frames of the next clip."""
        if not self._clips:
            self._begin(sound)
        _check_alike(sound, self._first)
        frames = _finite(self._feature.transform(sound.samples), self._feature, sound.name)
        row = len(self._clips)
        self._x[row], self._crcs[row] = frames, crc(frames)
        self._source = deflate.crc32(np.ascontiguousarray(sound.samples), self._source)
        self._clips.append((sound.clip, sound.label))

    def _begin(self, sound: Sound) -> None:
        self._first, self._feature = sound, self._made(sound.sample_rate)
        shape = (len(self._crcs), _frames(self._feature, sound), self._feature.n_bins)
        kind = stored_type(self._feature.dtype)
        self._x = self._file.create_dataset(
            "x", shape, kind, chunks=(1, *shape[1:]), fletcher32=True
        )

    def finish(self, place: str) -> None:
        """Store what is known of all of them."""
        self._file["clip"], self._file["label"] = (
            list(one) for one in zip(*self._clips, strict=True)
        )
        for start in range(0, len(self._crcs), CRCS):
            self._x.attrs[f"crc32_{start}"] = self._crcs[start : start + CRCS]
        samples = len(self._first.samples)
        facts = description(self._feature, samples, f"{self._source:08x}")
        self._file.attrs.update({**facts, "place": place})
        self._file.attrs["words_sha256"] = words(self._file)


def _finite(frames: np.ndarray, feature: Feature, name: str) -> np.ndarray:
    """Return frames in the feature's own type; raises UserError unless all are numbers."""
    if not np.isfinite(frames).all():
        raise UserError(
            f"{name}: {type(feature).__name__} gives numbers that are infinite or none; look at "
            "the recording, or change the options of the feature"
        )
    return np.ascontiguousarray(frames, dtype=feature.dtype)


def _check_alike(sound: Sound, first: Sound) -> None:
    """Raise UserError when the rate or length of a clip differ from those of another."""
    mine, wanted = ((len(one.samples), one.sample_rate) for one in (sound, first))
    if mine != wanted:
        raise UserError(
            f"{sound.name}: {mine[0]} samples at {mine[1]} Hz, and {Path(first.name).name} has "
            f"{wanted[0]} at {wanted[1]}; all clips of a unit must be alike"
        )


def _frames(feature: Feature, sound: Sound) -> int:
    frames = feature.frames(len(sound.samples))
    if frames < 1:
        raise UserError(
            f"{sound.name}: its {len(sound.samples)} samples are fewer than one frame of "
            f"{type(feature).__name__}; make the frames shorter"
        )
    return frames


def stored_type(dtype: np.dtype | type) -> np.dtype | h5py.Datatype:
    """Return HDF5's own type of complex numbers for them, and `dtype` for all others.

    h5py would store a pair of named numbers, as it had to before HDF5 2.0; where it is built with
    an older HDF5, it still does, and reads back the same.
    """
    if np.dtype(dtype) == np.complex64 and h5py.get_config().has_native_complex:
        return h5py.Datatype(h5py.h5t.COMPLEX_IEEE_F32LE)
    return np.dtype(dtype)


def description(feature: Feature, samples: int, source: str) -> dict:
    """Return what a store says of its feature, of how long its clips are, and of their checksum."""
    return {
        "feature": type(feature).__name__,
        "parameters": json.dumps(feature.parameters, sort_keys=True),
        "sample_rate": feature.sample_rate,
        "samples": samples,
        "source_crc32": source,
        "versions": json.dumps(
            {"numpy": np.__version__, "scipy": scipy.__version__, "h5py": h5py.__version__}
        ),
    }
