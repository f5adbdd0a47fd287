"""The bank: one HDF5 file with the impulse responses and the factory noise."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import h5py
import numpy as np

from mimii_bench.corpus.mimii import SAMPLE_RATE, SAMPLES
from mimii_bench.corpus.simulate import noise, room
from mimii_bench.util.atomic import replacing
from mimii_bench.util.checksums import damaged, verify, write_checksum
from mimii_bench.util.errors import UserError

#: Changes with what is in the file, so that an old bank is not mistaken for a new one.
FORMAT = "mimii-bench simulation bank 1"


def make_bank(path: Path, seed: int, threads: int = 1) -> None:
    """Compute all impulse responses and the factory noise, and write them to one HDF5 file.

    The room is the same for every seed; the noise differs. About 115 MB. Its checksum is written
    beside it.

    Parameters
    ----------
    path : Path
        Of the file to write; it appears when it is complete.
    seed : int
        Of the noise.
    threads : int
        That many scenes are made at a time; the file is the same.
    """
    with replacing(path) as part, h5py.File(part, "w") as file:
        _fill(file, seed, threads)
    write_checksum(path)


def _fill(file: h5py.File, seed: int, threads: int) -> None:
    file.attrs.update(format=FORMAT, seed=seed, sample_rate=SAMPLE_RATE)
    parts = room.all_parts()
    positions = [room.part_position(*part) for part in parts] + list(room.NOISE_PLACES.values())
    responses = room.impulse_responses(np.array(positions))
    for (machine, id, part), response in zip(parts, responses, strict=False):
        file[f"responses/{machine}/{id}/{part}"] = response
    places = dict(zip(room.NOISE_PLACES, responses[len(parts) :], strict=True))
    shape = (noise.SCENES, responses.shape[1], noise.SCENE_LENGTH)
    scenes = file.create_dataset("noise", shape, np.int16)

    def make(number: int) -> np.ndarray:
        return noise.stored(noise.make_scene(seed, number, places))

    with ThreadPoolExecutor(threads) as pool:
        for number, scene in enumerate(pool.map(make, range(noise.SCENES))):
            scenes[number] = scene


class Bank:
    """A bank opened for reading; a context manager. One per process: HDF5 handles do not share.

    Raises
    ------
    UserError
        The file is missing, is no bank of this version, or is not as it was written.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = h5py.File(path, "r")
        except OSError as error:
            raise damaged(path, f"cannot be read as a simulation bank ({error})") from error
        if self._file.attrs.get("format") != FORMAT:
            self._file.close()
            raise damaged(path, "not a bank of this version")
        try:
            verify(path)
        except UserError:
            self._file.close()
            raise
        self._noise = self._file["noise"]
        self.scenes, _, self.scene_length = self._noise.shape

    def __enter__(self) -> "Bank":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def responses(self, machine: str, id: str) -> dict[str, np.ndarray]:
        """Return part -> impulse responses to the 8 microphones, float32 (8, taps)."""
        group = self._file[f"responses/{machine}/{id}"]
        return {part: group[part][()] for part in group}

    def noise(self, scene: int, start: int, samples: int = SAMPLES) -> np.ndarray:
        """Return a scene's noise from sample `start` on, float32 (8, samples); 10 s by default.

        Scenes are periodic: what would stand behind the end is taken from the beginning.
        """
        stop = start + samples
        segment = self._noise[scene, :, start:stop].astype(np.float32)
        if stop > self.scene_length:
            head = self._noise[scene, :, : stop - self.scene_length].astype(np.float32)
            segment = np.concatenate([segment, head], axis=1)
        return segment
