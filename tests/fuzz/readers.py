"""What reads files that others made, each with small valid examples of what it reads.

A reader takes the bytes of a file. It ends, in success or in a `UserError`; anything else is a
fault. `run.py` looks for inputs that make one, `test_findings.py` keeps those that were found.
"""

import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import yaml

from mimii_bench.audio.wav import decode
from mimii_bench.corpus.definitions import unit_definitions
from mimii_bench.corpus.location import description_named_by
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.corpus.own import read_description
from mimii_bench.corpus.sources import open_source
from mimii_bench.corpus.stamps import write_receipt, zip_to_check
from mimii_bench.evaluation.scores import read_scores, write_scores
from mimii_bench.planning import configuration
from mimii_bench.reports.report import load_report
from mimii_bench.splits.manifests import SplitRow, read_split, write_split
from mimii_bench.systems.base import load_system
from mimii_bench.systems.classical import NearestNeighbours
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.util.checksums import write_checksum
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError
from mimii_bench.util.schema import read_schema
from samples import ROOT, mimii_members, wav_bytes


class Reader(NamedTuple):
    """What reads the bytes of a file, and valid examples of them."""

    read: Callable[[bytes], object]
    examples: Callable[[], list[bytes]]


@cache
def folder() -> Path:
    """Return a folder for the files of this process, in memory where there is such a disk."""
    memory = Path("/dev/shm")
    # Kept so long as the process lives.
    folder.place = TemporaryDirectory(dir=memory if memory.is_dir() else None)
    return Path(folder.place.name)


def file(data: bytes, name: str) -> Path:
    """Return a file that holds `data`."""
    path = folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def written(write: Callable[[Path], object], name: str = "example") -> bytes:
    """Return the bytes of what is written to a path."""
    path = folder() / name
    write(path)
    return path.read_bytes()


# Recordings, alone and in zips.


def wavs() -> list[bytes]:
    """Return short recordings of several encodings."""
    samples = np.arange(16, dtype=np.int16).reshape(8, 2)
    kinds = [("PCM_16", "WAV"), ("FLOAT", "WAV"), ("PCM_24", "WAV"), ("PCM_16", "WAVEX")]
    kinds += [("PCM_U8", "WAV"), ("PCM_16", "FLAC")]
    return [wav_bytes(samples, 16_000, subtype, format) for subtype, format in kinds]


def read_zip(data: bytes) -> None:
    """Read every clip of a zip, as the stage of the mixes does."""
    path = file(data, "0_dB_fan.zip")
    source = open_source(MIMII, path.parent, "fan", "0dB")
    clips = source.clips()
    with source.open() as reader:
        for clip in clips[:20]:
            decode(reader.read(clip.member), reader.describe(clip.member))


def zips() -> list[bytes]:
    """Return small zips, deflated and stored."""
    members = mimii_members("fan", ["00"], 2, 1, wavs()[0])
    return [zip_bytes(members, kind) for kind in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)]


def zip_bytes(members: dict[str, bytes], kind: int) -> bytes:
    """Return a zip of {name: bytes}."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return stream.getvalue()


def read_receipt(data: bytes) -> None:
    """Ask a receipt of a zip that is there."""
    zip_to_check(file(data, "receipt.json"), file(b"PK", "some.zip"))


def receipts() -> list[bytes]:
    """Return receipts of zips that were there, and that were not."""
    archive = file(b"PK", "some.zip")
    asked = (None, [2, 17])
    return [written(lambda path, a=a: write_receipt(path, archive, "0" * 32, a)) for a in asked]


# Tables between stages, with the checksum of whatever they hold beside them: what is wrong in them
# is then found in what they say.


def sealed(data: bytes, name: str) -> Path:
    """Return a file that holds `data`, with its checksum."""
    path = file(data, name)
    write_checksum(path)
    return path


def rows() -> list[SplitRow]:
    """Return the rows of a small manifest."""
    labels = [("normal", "train"), ("normal", "test"), ("abnormal", "test")]
    return [
        SplitRow(f"{label}/{number:08d}", "fan", "0dB", "00", label, role)
        for number, (label, role) in enumerate(labels)
    ]


def manifests() -> list[bytes]:
    """Return a manifest."""
    return [written(lambda path: write_split(rows(), path))]


def scores() -> list[bytes]:
    """Return a file of scores."""
    return [written(lambda path: write_scores(rows(), np.array([0.1, 2.0, -3e5]), path))]


# Models: weights with a sound description, and a description with sound weights.


@cache
def models() -> dict[type, tuple[bytes, bytes]]:
    """Return weights and description of fitted systems, by their classes."""
    frames = np.random.default_rng(0).normal(size=(4, 6, 5)).astype(np.float32)
    made = [
        NearestNeighbours(seed=1),
        DenseAutoencoder(seed=1, hidden=[4, 2, 4], epochs=1, max_steps=1, context=3, batch_size=4),
    ]
    found = {}
    for system in made:
        system.fit(frames)
        weights, description = folder() / "weights", folder() / "description"
        system.save(weights, description)
        found[type(system)] = weights.read_bytes(), description.read_bytes()
    return found


def read_model(data: bytes) -> None:
    """Load a model and score a clip: the first byte says which file of which system `data` is."""
    place, data = data[:1] or b"\0", data[1:]
    found = list(models())[place[0] // 2 % 2]
    files = list(models()[found])
    files[place[0] % 2] = data
    weights, description = file(files[0], "weights"), file(files[1], "description")
    load_system(found, weights, description)


def model_files() -> list[bytes]:
    """Return the files of models behind the byte that says which it is."""
    both = [data for files in models().values() for data in files]
    return [bytes([place]) + data for place, data in enumerate(both)]


# Configuration: what a run is given, the description of a corpus, a report.


def read_configuration(data: bytes) -> None:
    """Read what is laid over config.yaml."""
    given = read_yaml(file(data, "config.yaml"))
    if isinstance(given, dict):
        names = unit_definitions(description_named_by(given))
        configuration.complete(ROOT, given, names)


def configurations() -> list[bytes]:
    """Return small configurations."""
    return [(ROOT / f"config/{name}.yaml").read_bytes() for name in ("mimii", "tiny")]


def read_corpus(data: bytes) -> None:
    """Read the description of a corpus of one's own."""
    read_description(file(data, "gears.yaml"))


def corpora() -> list[bytes]:
    """Return a description."""
    description = {"name": "gears", "folder": "recordings", "layout": "folder", "channels": 4}
    rest = {"sample_rate": 48_000, "seconds": 10, "machines": ["a", "b"], "conditions": "any"}
    return [yaml.safe_dump(description | rest).encode()]


@cache
def report_schema() -> dict:
    """Return the schema of report.yaml."""
    return read_schema(ROOT, "report", unit_definitions(MIMII))


def read_report(data: bytes) -> None:
    """Read a report of one's own."""
    load_report(file(data, "mine/report.yaml").parent, report_schema())


def reports() -> list[bytes]:
    """Return a report that extends another, and a whole one."""
    baseline = ROOT / "reports/mimii_baseline"
    patch = {"extends": str(baseline), "title": "Mine"}
    return [yaml.safe_dump(patch).encode(), (baseline / "report.yaml").read_bytes()]


READERS = {
    "wav": Reader(lambda data: decode(data, "x.wav"), wavs),
    "zip": Reader(read_zip, zips),
    "receipt": Reader(read_receipt, receipts),
    "manifest": Reader(lambda data: read_split(sealed(data, "split.csv")), manifests),
    "scores": Reader(lambda data: read_scores([sealed(data, "score.csv")]), scores),
    "model": Reader(read_model, model_files),
    "configuration": Reader(read_configuration, configurations),
    "corpus": Reader(read_corpus, corpora),
    "report": Reader(read_report, reports),
}


def ends_well(reader: str, data: bytes) -> str:
    """Return what a reader made of a file: `read`, or the message of its refusal.

    What it raises else is a fault, and raised.
    """
    try:
        READERS[reader].read(data)
    except UserError as error:
        return str(error)
    return "read"
