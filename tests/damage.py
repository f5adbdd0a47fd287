"""Ways in which files between stages come to harm, and a small folder of results to harm."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np

from mimii_bench.audio.wav import write_float
from mimii_bench.corpus.base import Clip, Unit
from mimii_bench.corpus.simulate.bank import FORMAT
from mimii_bench.features.writing import build_store
from mimii_bench.reports.columns import LONG
from mimii_bench.splits.manifests import SplitRow, write_split
from mimii_bench.training import running
from mimii_bench.training.job import Computing, Files, TrainingJob
from mimii_bench.util.checksums import SUMS, seal, write_checksum, write_sums
from mimii_bench.util.records import write_rows, write_sealed
from samples import noise

UNITS = [Unit("fan", "0dB", "00"), Unit("fan", "0dB", "02")]
FEATURE = {"class": "logmel.LogMel", "n_mels": 4}
NAMES = [f"{label}/0000000{k}" for label in ("abnormal", "normal") for k in range(2)]
PLACES = SimpleNamespace(
    index="corpus/index/fan/0dB.csv",
    bank="corpus/simulated/bank.h5",
    mix="audio/ch0/fan/0dB/id_00",
    store="features/logmel/ch0/fan/0dB/id_00.h5",
    other_store="features/logmel/ch0/fan/0dB/id_02.h5",
    recordings="recordings/report/fan.csv",
    split="splits/report/fan/0dB/id_00.csv",
    models="models/report/ae/fan/seed0",
    model="models/report/ae/fan/seed0/0dB/id_00",
    score="scores/report/ae/fan/seed0/0dB/id_00/score.csv",
    long="tables/report/all.csv",
)


def job():
    """One of an autoencoder on two pools of one unit each."""
    return TrainingJob(
        protocol="report",
        system="ae",
        path="fan/seed0",
        group="fan",
        class_name="dense_autoencoder.DenseAutoencoder",
        options={"hidden": [4, 2, 4], "context": 2, "epochs": 2, "batch_size": 64},
        roles=["train"],
        features=[FEATURE],
        pools={unit.path: [tuple(unit)] for unit in UNITS},
        numbers=[0],
        computing=Computing("cpu", 1),
    )


def files(results):
    """What the job reads."""
    splits = {unit.path: str(results / f"splits/report/{unit.path}.csv") for unit in UNITS}
    stores = [str(results / f"features/logmel/ch0/{unit.path}.h5") for unit in UNITS]
    return Files(splits, stores)


def make_results(results: Path) -> None:
    """Write a file of every kind that stages hand on, by the code that they write it with."""
    clips = [Clip(n, u.id, n.split("/")[0], "", f"{n}.wav", "", "") for u in UNITS for n in NAMES]
    write_sealed(results / PLACES.index, Clip._fields, clips)
    for number, unit in enumerate(UNITS):
        audio = results / "audio/ch0" / unit.path
        for place, name in enumerate(NAMES):
            (audio / name).parent.mkdir(parents=True, exist_ok=True)
            samples = noise(10 * number + place, samples=16_000, channels=1)[:, 0] / 32768
            write_float(audio / f"{name}.wav", samples.astype("f4"), 16_000)
        seal(audio)
        store = results / f"features/logmel/ch0/{unit.path}.h5"
        build_store(FEATURE, audio, store, f"ch0/{unit.path}", sealed=True)
        roles = ("test", "test", "train", "test")
        rows = [SplitRow(n, *unit, n.split("/")[0], r) for n, r in zip(NAMES, roles, strict=True)]
        write_split(rows, results / f"splits/report/{unit.path}.csv")
    named = [(*unit, name, f"{unit.id}/{name}") for unit in UNITS for name in NAMES]
    columns = (*Unit._fields, "clip", "recording")
    write_sealed(results / PLACES.recordings, columns, named)
    running.fit_and_score(job(), files(results), results / PLACES.models)
    scores = results / "scores/report/ae/fan/seed0"
    running.score_job(job(), files(results), results / PLACES.models, scores)
    numbers = [dict.fromkeys(LONG, "") | {"report": "r", "row": str(k)} for k in range(3)]
    write_rows(results / PLACES.long, LONG, [[r[c] for c in LONG] for r in numbers])
    write_sums([results / PLACES.long], results / f"tables/report/{SUMS}")
    _make_bank(results / PLACES.bank)


def _make_bank(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with h5py.File(path, "w") as file:
        file.attrs["format"] = FORMAT
        file["noise"] = np.arange(2000, dtype="i2").reshape(1, 2, 1000)
    write_checksum(path)


def _lines(change):
    def changed(path):
        lines = change(path.read_text().splitlines(True))
        path.write_text("".join(lines))

    return changed


def _bytes(change):
    return lambda path: path.write_bytes(change(path.read_bytes()))


def _replaced(old, new):
    def changed(path):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return changed


def flip(data: bytes, share: float = 0.5) -> bytes:
    """Flip one bit of bytes."""
    at = int(len(data) * share)
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


#: Of any table, by the name of the damage.
TEXT = {
    "half of the lines": _lines(lambda lines: lines[: len(lines) // 2]),
    "last line gone": _lines(lambda lines: lines[:-1]),
    "last line twice": _lines(lambda lines: [*lines, lines[-1]]),
    "two lines exchanged": _lines(lambda lines: [*lines[:-2], lines[-1], lines[-2]]),
    "cut in a line": _bytes(lambda data: data[: len(data) * 2 // 3]),
    "last newline gone": _bytes(lambda data: data[:-1]),
    "header alone": _lines(lambda lines: lines[:1]),
    "empty": _bytes(lambda data: b""),
    "no header": _lines(lambda lines: lines[1:]),
    "a column gone": _lines(lambda lines: [line.split(",", 1)[1] for line in lines]),
    "a field missing": _lines(lambda lines: [*lines[:-1], lines[-1].split(",", 1)[1]]),
    "a field more": _lines(lambda lines: [*lines[:-1], lines[-1].replace("\n", ",x\n")]),
    "columns exchanged": _lines(
        lambda lines: [",".join(reversed(line[:-1].split(","))) + "\n" for line in lines]
    ),
    "UTF-16": _bytes(lambda data: data.decode().encode("utf-16")),
    "a byte that is no text": _bytes(lambda data: data[:-3] + b"\xff" + data[-2:]),
    "a NUL": _bytes(lambda data: data[:-3] + b"\0" + data[-2:]),
    "Windows newlines": _bytes(lambda data: data.replace(b"\n", b"\r\n")),
    "a quote": _bytes(lambda data: data[:-3] + b'"' + data[-2:]),
    "a bit flipped": _bytes(flip),
    "zeros": _bytes(lambda data: bytes(len(data))),
}
#: Of tables that name a label, a clip and a role.
LABELS = {
    "a label abnormol": _replaced(",abnormal", ",abnormol"),
    "a label of another case": _replaced(",normal", ",Normal"),
    "another label": _replaced(",abnormal", ",normal"),
    "another id": _replaced(",00,", ",02,"),
}
ROLES = {
    "a role tset": _replaced(",test", ",tset"),
    "a role with a space": _replaced(",test", ",test "),
    "a clip that tests trains": _replaced(",test", ",train"),
    "a clip trains and tests": _lines(
        lambda lines: [*lines, next(x for x in lines if ",train" in x).replace("train", "test")]
    ),
}
SCORES = {
    "no number": _lines(lambda x: [*x[:-1], x[-1].rsplit(",", 1)[0] + ",\n"]),
    "NaN": _lines(lambda x: [*x[:-1], x[-1].rsplit(",", 1)[0] + ",nan\n"]),
    "infinite": _lines(lambda x: [*x[:-1], x[-1].rsplit(",", 1)[0] + ",1e999\n"]),
    "another number": _lines(lambda x: [*x[:-1], x[-1].rsplit(",", 1)[0] + ",0.25\n"]),
    "a decimal comma": _lines(lambda x: [*x[:-1], x[-1].rsplit(",", 1)[0] + ',"0,25"\n']),
}


def _opened(change):
    def changed(path):
        with h5py.File(path, "r+") as file:
            change(file, path)

    return changed


def _remade(**given):
    """Put other frames in place of `x`, with all of its attributes."""

    def change(file, path):
        values, said = file["x"][()], {**file["x"].attrs}
        del file["x"]
        alter = given.get("values", lambda x: x)
        options = {k: v for k, v in given.items() if k != "values"}
        if options.get("external"):
            name = str(path.with_suffix(".raw"))
            options = {"external": [(name, 0, h5py.h5f.UNLIMITED)]}
        data = alter(values)
        made = file.create_dataset("x", data.shape, data.dtype, **options)
        made[...] = data
        made.attrs.update(said)

    return _opened(change)


def _set(where, key, value):
    return _opened(lambda file, path: where(file).attrs.__setitem__(key, value))


def _put(name, alter):
    def change(file, path):
        value = alter(file[name][()])
        del file[name]
        file[name] = value

    return _opened(change)


def _virtual(file, path):
    source = path.with_suffix(".other")
    with h5py.File(source, "w") as other:
        other["x"] = file["x"][()]
    layout = h5py.VirtualLayout(file["x"].shape, file["x"].dtype)
    layout[...] = h5py.VirtualSource(str(source), "x", file["x"].shape)
    said = {**file["x"].attrs}
    del file["x"]
    file.create_virtual_dataset("x", layout).attrs.update(said)


def _linked(file, path):
    source = path.with_suffix(".other")
    with h5py.File(source, "w") as other:
        file.copy("x", other)
    del file["x"]
    file["x"] = h5py.ExternalLink(str(source), "x")


def _unwritten(file, path):
    x, said = file["x"], {**file["x"].attrs}
    shape, kept = x.shape, x[:-1]
    del file["x"]
    made = file.create_dataset("x", shape, "f4", chunks=(1, *shape[1:]), fletcher32=True)
    made[:-1] = kept
    made.attrs.update(said)


def _nan(values):
    values[1, 2, 3] = np.nan
    return values


STORES = {
    "two names exchanged": _put("clip", lambda x: x[[1, 0, 2, 3]]),
    "two labels exchanged": _put("label", lambda x: x[::-1]),
    "a name twice": _put("clip", lambda x: x[[0, 0, 2, 3]]),
    "numbers for names": _put("clip", lambda x: np.arange(4)),
    "a name fewer": _put("clip", lambda x: x[:3]),
    "NaN": _remade(values=_nan),
    "two clips exchanged": _remade(values=lambda x: x[[1, 0, 2, 3]]),
    "all of a clip 0": _remade(values=lambda x: x * [[[0]], [[1]], [[1]], [[1]]]),
    "a clip fewer": _remade(values=lambda x: x[:3]),
    "no clip": _remade(values=lambda x: x[:0]),
    "zero frames": _remade(values=lambda x: x[:, :0]),
    "a frame fewer": _remade(values=lambda x: x[:, 1:]),
    "64 bits": _remade(values=lambda x: x.astype("f8")),
    "integers": _remade(values=lambda x: x.astype("i4")),
    "big-endian": _remade(values=lambda x: x.astype(">f4")),
    "a dimension more": _remade(values=lambda x: x[..., None]),
    "in an external file": _remade(external=True),
    "virtual": _opened(_virtual),
    "a link to another file": _opened(_linked),
    "a chunk never written": _opened(_unwritten),
    "another parameter of the same shape": _opened(
        lambda file, path: file.attrs.__setitem__(
            "parameters",
            json.dumps({**json.loads(file.attrs["parameters"]), "power": 1.0}, sort_keys=True),
        )
    ),
    "parameters that are no JSON": _set(lambda f: f, "parameters", "{"),
    "another feature": _set(lambda f: f, "feature", "Magnitude"),
    "another rate": _set(lambda f: f, "sample_rate", 8000),
    "of another unit": _set(lambda f: f, "place", "ch0/fan/0dB/id_02"),
    "another checksum of a clip": _set(lambda f: f["x"], "crc32_0", np.arange(4, dtype="u4")),
    "no checksum of its clips": _opened(lambda f, path: f["x"].attrs.__delitem__("crc32_0")),
    "no checksum of its words": _opened(lambda f, path: f.attrs.__delitem__("words_sha256")),
    "no frames": _opened(lambda f, path: f.__delitem__("x")),
    "frames that are a group": _opened(lambda f, path: (f.__delitem__("x"), f.create_group("x"))),
    "another unit's file": lambda path: shutil.copy(path.with_name("id_02.h5"), path),
    "cut": _bytes(lambda data: data[: len(data) // 2]),
    "empty": _bytes(lambda data: b""),
    "no HDF5": _bytes(lambda data: b"x" * 5000),
}


def _first(folder):
    return folder / "normal/00000000.wav"


def _exchange(folder):
    one, two = _first(folder), folder / "normal/00000001.wav"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def _samples(change):
    def changed(folder):
        data = bytearray(_first(folder).read_bytes())
        data[-4000:-3996] = np.float32(change).tobytes()
        _first(folder).write_bytes(data)

    return changed


MIXES = {
    "a bit flipped": lambda folder: _bytes(flip)(_first(folder)),
    "a bit of the header flipped": lambda folder: _bytes(lambda x: flip(x, 0.0004))(_first(folder)),
    "NaN": _samples(np.nan),
    "infinite": _samples(np.inf),
    "another sample": _samples(0.5),
    "cut": lambda folder: _bytes(lambda data: data[:-400])(_first(folder)),
    "empty": lambda folder: _first(folder).write_bytes(b""),
    "bytes behind the end": lambda folder: _bytes(lambda data: data + b"abcd")(_first(folder)),
    "two clips exchanged": _exchange,
    "a clip gone": lambda folder: _first(folder).unlink(),
    "a clip under another name": lambda folder: _first(folder).rename(
        folder / "normal/00000009.wav"
    ),
    "a clip more": lambda folder: shutil.copy(_first(folder), folder / "normal/00000009.wav"),
    "a clip of the other label": lambda folder: shutil.copy(
        _first(folder), folder / "abnormal/00000000.wav"
    ),
    "no checksums": lambda folder: (folder / SUMS).unlink(),
    "an empty list of checksums": lambda folder: (folder / SUMS).write_text(""),
    "a list that is none": lambda folder: (folder / SUMS).write_text("zz\n"),
    "a list that is no text": lambda folder: (folder / SUMS).write_bytes(b"\xff\xfe"),
}


def _described(**facts):
    def changed(folder):
        path = folder / "model.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **facts}))

    return changed


def _lacking(name):
    def changed(folder):
        path = folder / "model.json"
        known = json.loads(path.read_text())
        del known[name]
        path.write_text(json.dumps(known))

    return changed


def _in(name, change):
    return lambda folder: change(folder / name)


KEYS = ("system", "options", "seed", "parameters", "layers", "inputs")
#: Of a model and its description, which no loader may accept, whatever their checksums say.
DESCRIPTIONS = {
    **{f"no {name}": _lacking(name) for name in KEYS},
    "another class": _described(system="VariationalAutoencoder"),
    "an unknown option": _described(options={"hiden": [4]}),
    "options that are none": _described(options=[1]),
    "other layers": _described(options={"hidden": [4, 3, 4], "context": 2}),
    "other inputs": _described(inputs=9),
    "inputs that are none": _described(inputs="many"),
    "a seed that is none": _described(seed="0"),
    "no object": _in("model.json", lambda path: path.write_text("[]")),
    "no JSON": _in("model.json", lambda path: path.write_text("{")),
    "no text": _in("model.json", lambda path: path.write_bytes(b"\xff\xfe{}")),
    "deeply nested": _in("model.json", lambda path: path.write_text("[" * 100_000)),
    "an empty description": _in("model.json", lambda path: path.write_text("")),
    "empty weights": _in("model.safetensors", lambda path: path.write_bytes(b"")),
    "cut weights": _in("model.safetensors", _bytes(lambda data: data[:-9])),
    "a pickle": _in("model.safetensors", lambda path: path.write_bytes(b"\x80\x04N.")),
}
#: What only their checksums tell.
MODELS = {
    "a bit of the weights flipped": _in("model.safetensors", _bytes(lambda x: flip(x, 0.9))),
    "another seed": _described(seed=1),
    "another count": _described(parameters=1),
    "no checksums": lambda folder: (folder / SUMS).unlink(),
    "no checksum of the weights": _in(
        SUMS, _lines(lambda lines: [x for x in lines if "safetensors" not in x])
    ),
}
