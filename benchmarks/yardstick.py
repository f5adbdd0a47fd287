"""How far the simulated clips are from real ones: the same statistics of both, side by side.

    python benchmarks/yardstick.py --simulated results/zips [--real ../shared/data/mimii]
    python benchmarks/yardstick.py --figure docs/images/simulation-spectrograms.png --simulated ...

Prints a markdown table. Real clips are 8-channel FLAC files in folders
`{snr}/{machine}/id_{id}/{label}/`; simulated ones are zips in MIMII's layout. Nothing is asserted.
"""

import argparse
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import soundfile
from scipy import signal

from mimii_bench.corpus.base import LABELS
from mimii_bench.corpus.mimii import IDS, MACHINES, SAMPLE_RATE, SNRS, archive_name, member_name

ROOT = Path(__file__).resolve().parents[1]
SEGMENT = 1024
POWER_BANDS = ((0, 250), (250, 1000), (1000, 4000), (4000, 8001))
COHERENCE_BANDS = ((100, 500), (500, 2000), (2000, 8001))
COLUMNS = (
    "RMS (of 32768)",
    "peak / RMS",
    "<250 Hz, dB",
    "250-1k",
    "1k-4k",
    "4k-8k",
    "coh. 100-500 Hz",
    "500-2k",
    "2k-8k",
    "ch0-ch4 over ch0, dB",
)


def statistics(clip: np.ndarray) -> np.ndarray:
    """Return one clip's statistics, in the order of `COLUMNS`.

    RMS is over all microphones, peak / RMS the mean of the microphones' own; the power's shares and
    the difference are those of microphone 0; coherence is the magnitude squared one between
    microphones 0 and 4 (Welch, 1024 samples, Hann, half overlapping).

    Args:
        clip: steps of 16-bit samples, shape (samples, 8).
    """
    rms = np.sqrt(np.mean(clip**2, axis=0))
    peak = np.max(np.abs(clip), axis=0)
    frequencies, power = signal.welch(clip[:, 0], SAMPLE_RATE, nperseg=SEGMENT)
    _, coherence = signal.coherence(clip[:, 0], clip[:, 4], SAMPLE_RATE, nperseg=SEGMENT)
    difference = np.mean((clip[:, 0] - clip[:, 4]) ** 2)

    def within(band: tuple[int, int]) -> np.ndarray:
        return (frequencies >= band[0]) & (frequencies < band[1])

    shares = [10 * np.log10(power[within(band)].sum() / power.sum()) for band in POWER_BANDS]
    coherences = [coherence[within(band)].mean() for band in COHERENCE_BANDS]
    overall = np.sqrt(np.mean(rms**2))
    ratio = 10 * np.log10(difference / rms[0] ** 2)
    return np.array([overall, np.mean(peak / rms), *shares, *coherences, ratio])


def read(source: object) -> np.ndarray:
    """Return a clip in steps of 16-bit samples, float64 (samples, channels)."""
    samples, _ = soundfile.read(source, dtype="int16", always_2d=True)
    return samples.astype(np.float64)


def real_clips(folder: Path, machine: str, snr: str, label: str, ids: Iterable[str]) -> Iterator:
    """Yield the real clips of the given units that the folder holds."""
    for id in ids:
        for path in sorted((folder / snr / machine / f"id_{id}" / label).glob("*.flac")):
            yield read(path)


def simulated_clips(
    folder: Path, machine: str, snr: str, label: str, ids: Iterable[str]
) -> Iterator:
    """Yield the simulated clips of the given units that the folder's zips hold."""
    path = folder / archive_name(machine, snr)
    if not path.exists():
        return
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith(tuple(f"{machine}/id_{id}/{label}/" for id in ids)):
                yield read(io.BytesIO(archive.read(name)))


def row(name: str, kind: str, clips: Iterable[np.ndarray]) -> str | None:
    """Return one line of the table, the mean over clips, or None where there is no clip."""
    values = [statistics(clip) for clip in clips]
    if not values:
        return None
    mean = np.mean(values, axis=0)
    formats = ("{:.0f}", *["{:.1f}"] * 5, *["{:.2f}"] * 3, "{:.1f}")
    cells = [text.format(value) for text, value in zip(formats, mean, strict=True)]
    return "| " + " | ".join([name, kind, str(len(values)), *cells]) + " |"


def table(real: Path, simulated: Path) -> Iterator[str]:
    """Yield the lines of the markdown table: each group of clips, real and simulated.

    The units compared are those that the real folder holds for that SNR and machine.
    """
    yield "| " + " | ".join(["clips", "", "n", *COLUMNS]) + " |"
    yield "|" + "---|" * (3 + len(COLUMNS))
    for snr in SNRS:
        for machine in MACHINES:
            held = [id for id in IDS if (real / snr / machine / f"id_{id}").is_dir()]
            ids = held or IDS
            units = "" if len(ids) == len(IDS) else " id " + ", ".join(ids)
            for label in LABELS:
                name = f"{snr} {machine}{units}, {label}".replace("dB", " dB")
                yield from filter(
                    None,
                    (
                        row(name, "real", real_clips(real, machine, snr, label, ids)),
                        row(name, "sim.", simulated_clips(simulated, machine, snr, label, ids)),
                    ),
                )


#: Clips in the figure: machine -> (id, number of the normal clip, of the abnormal clip, its kind).
SHOWN = {
    "fan": ("00", 0, 0, "imbalance"),
    "pump": ("04", 0, 1, "contamination (gushes)"),
    "slider": ("04", 0, 1, "loose belt"),
    "valve": ("06", 0, 1, "contamination (delay)"),
}


def figure(simulated: Path, path: Path, snr: str = "6dB") -> None:
    """Draw spectrograms of microphone 0, one normal and one abnormal clip per machine type."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from PIL import Image

    plots, axes = plt.subplots(
        4, 2, figsize=(8.5, 9.5), sharex=True, sharey=True, layout="constrained"
    )
    for line, (machine, (id, normal, abnormal, kind)) in zip(axes, SHOWN.items(), strict=True):
        with zipfile.ZipFile(simulated / archive_name(machine, snr)) as archive:
            for axis, label, number in zip(line, LABELS, (normal, abnormal), strict=True):
                name = member_name(machine, id, label, number)
                clip = read(io.BytesIO(archive.read(name)))[:, 0]
                image = _spectrogram(axis, clip)
                what = label if label == "normal" else f"{label}: {kind}"
                axis.set_title(f"{machine} {id}, {what}", fontsize=9)
        line[0].set_ylabel("frequency (kHz)")
    for axis in axes[-1]:
        axis.set_xlabel("time (s)")
    plots.suptitle(f"Simulated clips at {snr.replace('dB', ' dB')}, microphone 0", fontsize=11)
    bar = plots.colorbar(image, ax=axes, shrink=0.6, aspect=40)
    bar.set_label("power density (dB re 1 LSB²/Hz)")
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = io.BytesIO()
    plots.savefig(canvas, dpi=80)
    plt.close(plots)
    # Spectrograms of noise do not compress; 48 colours do.
    Image.open(canvas).convert("RGB").quantize(48).save(path, optimize=True)


def _spectrogram(axis: object, clip: np.ndarray) -> object:
    _, _, power = signal.spectrogram(clip, SAMPLE_RATE, nperseg=SEGMENT, noverlap=SEGMENT // 2)
    extent = (0, len(clip) / SAMPLE_RATE, 0, SAMPLE_RATE / 2000)
    level = 10 * np.log10(power + 1e-4)
    return axis.imshow(
        level, origin="lower", aspect="auto", extent=extent, vmin=-25, vmax=25, cmap="magma"
    )


def main() -> None:
    """Read the command line, print the table or draw the figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=Path, default=ROOT.parent / "shared" / "data" / "mimii")
    parser.add_argument("--simulated", type=Path, required=True, help="folder of simulated zips")
    parser.add_argument("--figure", type=Path, help="draw spectrograms to this file instead")
    arguments = parser.parse_args()
    if arguments.figure:
        figure(arguments.simulated, arguments.figure)
        return
    for line in table(arguments.real, arguments.simulated):
        print(line, flush=True)


if __name__ == "__main__":
    main()
