"""What several tests build: recordings, zips, folders, schemas, processes of their own."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from textwrap import dedent

import numpy as np
import soundfile

from mimii_bench.corpus.definitions import unit_definitions
from mimii_bench.corpus.mimii import MIMII, SAMPLE_RATE, SAMPLES, archive_name
from mimii_bench.util import schema

ROOT = Path(__file__).parents[1]


def wav_bytes(samples, rate=SAMPLE_RATE, subtype="PCM_16", format="WAV"):
    """Return samples (sample, channel) as the bytes of a file, written by libsndfile."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate, subtype=subtype, format=format)
    return file.getvalue()


def noise(seed=0, samples=SAMPLES, channels=8):
    """Return 16-bit noise of shape (sample, channel)."""
    rng = np.random.default_rng(seed)
    return rng.integers(-(2**15), 2**15, (samples, channels)).astype(np.int16)


def write_zip(path, members):
    """Write a deflated zip of {name: bytes}."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def write_files(folder, names):
    """Write files under `names` in `folder`, each with its own name as its bytes."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())


def mimii_members(machine, ids, normal, abnormal, data=b""):
    """Return the members of a MIMII zip with `normal` and `abnormal` clips of each id."""
    return {
        f"{machine}/id_{id}/{label}/{number:08d}.wav": data
        for id in ids
        for label, count in (("normal", normal), ("abnormal", abnormal))
        for number in range(count)
    }


def write_mimii_zip(folder, machine, snr, ids=("00",), normal=3, abnormal=2, data=b""):
    """Write one MIMII zip under its published name into `folder`."""
    members = mimii_members(machine, ids, normal, abnormal, data)
    return write_zip(folder / archive_name(machine, snr), members)


def printed_by(program, *arguments):
    """Return what a program prints in a fresh process, which imports the library and tests."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(program), *arguments],
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def read_schema(name):
    """Return a schema of workflow/schemas with the shared definitions, as the workflow does."""
    return schema.read_schema(ROOT, name, unit_definitions(MIMII))
