"""The front end's speed as ratios: raw zip to feature store against unzip, log-mel against librosa.

    .venv/bin/python benchmarks/front_end.py [--clips 400]

Everything runs on one core, alternately, and the median of each is compared. The zip is made here
in a temporary folder (1.8 MB a clip; noise of the level and slope of real recordings, so that it
inflates like them).
"""

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
import soundfile

from mimii_bench.corpus.index import read_index, write_index
from mimii_bench.corpus.mimii import CHANNELS, MIMII, SAMPLE_RATE, SAMPLES, member_name
from mimii_bench.corpus.sources import open_source
from mimii_bench.features.logmel import LogMel
from mimii_bench.features.writing import StoreBuilder

#: Different recordings in the zip; more would only make the preparation longer.
DISTINCT = 10
RMS = 380
#: Those of the reports; the first alone is compared too.
MIXES = ("ch0", "mono", "ch2", "ch0-ch4", "ch2-ch6")
PARAMETER_SETS = {
    "64 bands, centred": {"n_mels": 64},
    "128 bands, centred": {"n_mels": 128},
    "128 bands, 311 frames": {"n_mels": 128, "padding": "none"},
}


def make_clip(rng: np.random.Generator) -> np.ndarray:
    """Return 8 channels of noise that falls by 6 dB an octave, as int16 (sample, channel)."""
    spectrum = np.fft.rfft(rng.normal(size=(CHANNELS, SAMPLES)))
    spectrum /= np.maximum(np.arange(spectrum.shape[1]), 200)
    noise = np.fft.irfft(spectrum).T
    return np.round(noise * RMS / noise.std()).astype(np.int16)


def make_zip(path: Path, clips: int) -> None:
    """Write a MIMII zip of one unit with so many normal clips."""
    rng = np.random.default_rng(0)
    recordings = []
    for _ in range(DISTINCT):
        wav = io.BytesIO()
        soundfile.write(wav, make_clip(rng), SAMPLE_RATE, format="WAV", subtype="PCM_16")
        recordings.append(wav.getvalue())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(clips):
            name = member_name("fan", "00", "normal", number)
            archive.writestr(name, recordings[number % DISTINCT])


def run_pipeline(folder: Path, out: Path, mixes: list[str]) -> None:
    """Index the zip and write the log-mel store of each mix: the body of two jobs."""
    source = open_source(MIMII, folder, "fan", "-6dB")
    write_index(source, out / "index.csv")
    clips, stores = read_index(out / "index.csv", "00"), {mix: out / f"{mix}.h5" for mix in mixes}
    builder = StoreBuilder({"class": "logmel.LogMel", "n_mels": 64})
    builder.build(source, clips, "fan/-6dB/id_00", stores)


def timed(*command: str) -> float:
    """Return the wall time of a command, its start included."""
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def compare_with_unzip(clips: int, rounds: int) -> None:
    """Print the times per clip, of one mix and of all that the reports have, and their ratios."""
    ours, theirs = {count: [] for count in (1, len(MIXES))}, []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = folder / "-6_dB_fan.zip"
        make_zip(archive, clips)
        for k in range(rounds):
            out = folder / f"out{k}"
            out.mkdir()
            theirs.append(timed("unzip", "-q", str(archive), "-d", str(out / "unzipped")))
            for count, times in ours.items():
                job = ["--job", str(folder), str(out), *MIXES[:count]]
                times.append(timed(sys.executable, __file__, *job))
            subprocess.run(["rm", "-r", str(out)], check=True)
    theirs_ms = 1e3 * statistics.median(theirs) / clips
    print(f"unzip: {theirs_ms:.1f} ms a clip")
    for count, times in ours.items():
        ours_ms = 1e3 * statistics.median(times) / clips
        print(
            f"raw zip to log-mel stores of {count} mix(es): {ours_ms:.1f} ms a clip, start "
            f"included; ratio {ours_ms / theirs_ms:.2f}"
        )


def compare_with_librosa(rounds: int = 30) -> None:
    """Print the time of log-mel spectrograms by this project and by librosa."""
    import librosa

    samples = make_clip(np.random.default_rng(1))[:, 0].astype(np.float32) / 32768
    for name, parameters in PARAMETER_SETS.items():
        ours = LogMel(sample_rate=SAMPLE_RATE, **parameters)
        theirs = {"n_mels": parameters["n_mels"], "center": parameters.get("padding") != "none"}

        def by_librosa(arguments=theirs):
            mel = librosa.feature.melspectrogram(
                y=samples, sr=SAMPLE_RATE, n_fft=1024, hop_length=512, **arguments
            )
            return 10 * np.log10(mel + np.finfo(float).eps)

        times = [
            (per_call(lambda feature=ours: feature.transform(samples)), per_call(by_librosa))
            for _ in range(rounds)
        ]
        ours_ms, theirs_ms = (1e3 * statistics.median(t) for t in zip(*times, strict=True))
        print(
            f"log-mel, {name}: {ours_ms:.2f} ms, librosa {theirs_ms:.2f} ms, "
            f"{theirs_ms / ours_ms:.1f} times as fast"
        )


def per_call(function) -> float:
    """Return the wall time of one call, after one to warm up."""
    function()
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def main() -> None:
    """Run both comparisons on one core."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--job", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.job:
        folder, out, *mixes = arguments.job
        return run_pipeline(Path(folder), Path(out), mixes)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    os.environ["OMP_NUM_THREADS"] = "1"
    compare_with_unzip(arguments.clips, arguments.rounds)
    compare_with_librosa()


if __name__ == "__main__":
    main()
