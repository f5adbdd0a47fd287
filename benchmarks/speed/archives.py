"""From a raw zip to log-mel stores on one core, against `unzip`, inflating and transforming alone.

Ours runs in a process of its own, its start included; the zip is made here, and inflates like a
real one. The limit is what has to be done: each member inflated once by the fastest library at
hand, and the frames of each mix transformed.
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import deflate
import numpy as np

from speed.contests import Contest, Run, Target, timed
from speed.recordings import clip, make_zip
from speed.spectra import frames_of

OURS = Path(__file__).with_name("make_stores.py")
CLIPS = 240
MIXES = ["ch0", "mono", "ch0-ch4", "ch2", "ch2-ch6"]


def contests() -> Iterator[Contest]:
    """Yield one of a single mix, and one of five."""
    with tempfile.TemporaryDirectory() as name:
        archive = make_zip(Path(name), CLIPS)
        for mixes in (MIXES[:1], MIXES):
            yield contest(archive, mixes)


def contest(archive: Path, mixes: list[str]) -> Contest:
    """Return that of some mixes."""
    frames = frames_of(clip(), centred=True)
    unzip = _in_folder(lambda out: ["unzip", "-q", str(archive), "-d", out])
    ours = _in_folder(lambda out: [sys.executable, str(OURS), str(archive.parent), out, *mixes])
    limit = timed(lambda: _least(archive, len(mixes), frames), 1, 1000 / CLIPS)
    runs = {"ours": ours, "unzip": unzip, "inflate and transform alone": limit}
    targets = [
        Target("ours", "unzip", 0.7, "at most"),
        Target("ours", "inflate and transform alone", 1.6, "at most"),
    ]
    return Contest(f"raw zip to log-mel stores of {len(mixes)} mix(es)", "ms a clip", runs, targets)


def _in_folder(command: Callable[[str], list[str]]) -> Run:
    """Return a run of a command that writes into a folder, which is new each time."""

    def work() -> None:
        with tempfile.TemporaryDirectory() as out:
            subprocess.run(command(out), check=True)

    return timed(work, 1, 1000 / CLIPS)


def _least(archive: Path, mixes: int, frames: np.ndarray) -> None:
    with zipfile.ZipFile(archive) as members, archive.open("rb") as file:
        for member in members.infolist():
            # Behind the member's own header: 30 bytes and its name.
            file.seek(member.header_offset + 30 + len(member.filename))
            deflate.deflate_decompress(file.read(member.compress_size), member.file_size)
            for _ in range(mixes):
                np.fft.rfft(frames)
