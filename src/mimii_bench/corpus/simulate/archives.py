"""Writing a machine type's zips: recordings, mixed with noise, in MIMII's layout."""

import io
import wave
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from mimii_bench.corpus.base import LABELS
from mimii_bench.corpus.mimii import CHANNELS, SAMPLE_RATE, member_name
from mimii_bench.corpus.simulate.bank import Bank
from mimii_bench.corpus.simulate.description import counts_of, simulation
from mimii_bench.corpus.simulate.mixing import average_power, background, quantise
from mimii_bench.corpus.simulate.recording import Model
from mimii_bench.corpus.simulate.stub import stub
from mimii_bench.corpus.simulate.zipwriter import ZipWriter, zip_writer


def make_archives(
    bank: Path,
    machine: str,
    archives: dict[str, Path],
    ids: Sequence[str],
    normal: int | None,
    abnormal: int | None,
    seed: int,
    stub_seconds: float | None = None,
) -> None:
    """Write the zips of one machine type: the same recordings at each SNR, with other noise.

    `a`, the average power that the SNR refers to, is taken over the very clips of a model in the
    archive, as the MIMII paper says; so the level of the noise, and nothing else of a clip, depends
    on the counts. Every recording is computed twice rather than kept: memory stays bounded.

    Parameters
    ----------
    bank : Path
        File written by `make_bank`.
    machine : str
        Machine type.
    archives : dict[str, Path]
        SNR ("-6dB") -> zip to write.
    ids : Sequence[str]
        Units to simulate.
    normal, abnormal : int or None
        Clips of each label per unit; None, as many as the real data set has.
    seed : int
        Of the recordings and of the choice of noise.
    stub_seconds : float, optional
        Make stubs, so long, and no recordings; see `stub`.

    Raises
    ------
    UserError
        `bank` cannot be read.
    """
    with Bank(bank) as opened, ExitStack() as stack:
        zips = {
            snr: stack.enter_context(zip_writer(path, repeats=stub_seconds is not None))
            for snr, path in archives.items()
        }
        for id in ids:
            counts = zip(LABELS, counts_of(machine, id, normal, abnormal), strict=True)
            clips = [(label, number) for label, count in counts for number in range(count)]
            if stub_seconds is None:
                model = Model(machine, id, opened.responses(machine, id), seed)
                _write_model(opened, model, clips, zips)
            else:
                samples = simulation(stub_seconds).samples
                _write_stubs(opened, (seed, machine, id), clips, zips, samples)


def _write_model(
    bank: Bank, model: Model, clips: list[tuple[str, int]], zips: Mapping[str, ZipWriter]
) -> None:
    average = average_power(model, clips)
    for label, number in clips:
        recording = model.recording(label, number)
        name = member_name(model.machine, model.id, label, number)
        for snr, archive in zips.items():
            noise = background(bank, model, label, number, snr, average)
            archive.add(name, wav_bytes(quantise(recording + noise)))


def _write_stubs(
    bank: Bank,
    unit: tuple[int, str, str],
    clips: list[tuple[str, int]],
    zips: Mapping[str, ZipWriter],
    samples: int,
) -> None:
    for label, number in clips:
        name = member_name(*unit[1:], label, number)
        for snr, archive in zips.items():
            archive.add(name, wav_bytes(stub(bank, *unit, label, number, snr, samples)))


def wav_bytes(samples: np.ndarray) -> bytes:
    """Return a WAV file of 16-bit samples, int16 (8, frames)."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(CHANNELS)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.ascontiguousarray(samples.T).astype("<i2", copy=False).data)
    return buffer.getvalue()
