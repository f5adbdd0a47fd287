"""Files that once ended in a traceback, a hang or all of the memory, and many of their kind.

Those of `FINDINGS` were found by `run.py`, made as small as they get; each must be refused, in one
line that names it. The others are what such searches begin with, done in the same way to an example
of each reader: they may be read or refused, and end in nothing else.
"""

import json
import struct
import zipfile

import pytest

from fuzz.readers import (
    READERS,
    ends_well,
    manifests,
    models,
    reports,
    rows,
    scores,
    wavs,
    zip_bytes,
    zips,
)

MIB = 1 << 20


def lying(data, offset, value):
    """Return a zip in which every entry of the directory has another number at `offset`."""
    found = bytearray(data)
    place = found.find(b"PK\1\2")
    while place >= 0:
        found[place + offset : place + offset + 4] = struct.pack("<I", value)
        place = found.find(b"PK\1\2", place + 1)
    return bytes(found)


def line_changed(data, line, old, new):
    lines = data.split(b"\n")
    lines[line] = lines[line].replace(old, new, 1)
    assert lines != data.split(b"\n")
    return b"\n".join(lines)


def description_with(**facts):
    """A description of the first system in which some facts are others, behind its place."""
    whole = json.loads(next(iter(models().values()))[1])
    return b"\1" + json.dumps(whole | facts).encode()


def bomb():
    """Nine times nine times nine ... values, by aliases, in half a kilobyte."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "\n".join(lines).encode()


FINDINGS = {
    "wav": {
        "flac of 8 billion frames": bytes.fromhex(
            "664c61430000002210001000000013000013037b7d7d00fff865880007eb1580000002007e01ff804549"
        ),
        "flac of more than there are": bytes.fromhex(
            "664c6143000000221000100000001300001303e802f000000000080008"
            "7f07ebeb15800000"
            "02003c3c3a5d4549"
        ),
        "an mp3": b"\xff\xfb\x90\x64" + bytes(417),
        "an aiff": b"FORM\0\0\0\x04AIFF",
        "an ogg": b"OggS" + bytes(60),
        "a header without chunks": b"RIFF\x04\0\0\0WAVE",
        "more data than there is": wavs()[0][:40] + b"\xf0\xff\xff\x7f" + wavs()[0][44:],
        "nothing": b"",
    },
    "zip": {
        "4 GB in a clip": lying(zips()[0], 24, 0xFFFFFFF0),
        "4 GB of it packed": lying(zips()[1], 20, 0xFFFFFFF0),
        "1 GB from some bytes": lying(zips()[0], 24, 1 << 30),
        "a member behind the end": lying(zips()[0], 42, 0x7FFFFFFF),
        "no recordings in it": zip_bytes(
            {"fan/id_00/normal/0.wav": bytes(MIB)}, zipfile.ZIP_DEFLATED
        ),
        "cut": zips()[0][:200],
        "nothing": b"",
    },
    "receipt": {
        "nothing": b"",
        "a text": b'"archive"',
        "a list": b"[]",
        "a number": b"1",
        "cut": b'{"archive": "some.z',
        "no UTF-8": b"\xff",
        "deep": b"[" * 100_000,
    },
    "manifest": {
        "no UTF-8": b"\xff",
        "one field too many": line_changed(manifests()[0], 1, b",train", b",train,x"),
        "one too few": line_changed(manifests()[0], 1, b",train", b""),
        "another header": line_changed(manifests()[0], 0, b"role", b"part"),
        "UTF-16": manifests()[0].decode().encode("utf-16"),
        "a field of a megabyte": line_changed(manifests()[0], 1, b"fan", b"f" * MIB),
    },
    "scores": {
        "no UTF-8": scores()[0] + b"\xe9",
        "no UTF-8 in the header": b"\xff" + scores()[0],
        "a field too many in every row": scores()[0].replace(b",fan,", b",fan,x,"),
        "a field too many in one": line_changed(scores()[0], 3, b",fan,", b",fan,x,"),
        "UTF-16": scores()[0].decode().encode("utf-16"),
        "nothing": b"",
    },
    "model": {
        "no weights": b"\0",
        "a header of 2^63 bytes": b"\0" + b"\xff\xff\xff\xff\xff\xff\xff\x7f{}",
        "weights of other names": b"\0" + b"\x02\0\0\0\0\0\0\0{}",
        "weights of other names, in a network": b"\2" + b"\x02\0\0\0\0\0\0\0{}",
        "no description": b"\1",
        "a list for a description": b"\1[]",
        "a description of nothing": b"\1{}",
        "a description of nothing, of a network": b"\3{}",
        "no UTF-8": b"\1\xff",
        "deep": b"\1" + b"[" * 100_000,
        "options that are none": description_with(options=7),
        "an unknown option": description_with(options={"x": 1}),
        "a seed that is none": description_with(seed="x"),
    },
    "configuration": {
        "no UTF-8": b"corpus: \xff",
        "UTF-16": "corpus: mimii".encode("utf-16"),
        "a bomb": bomb(),
        "deep": b"a: " + b"[" * 2_000,
        "a ring": b"a: &a [*a]",
        "no date": b"a: 2020-13-41",
        "a number of 5000 digits": b"a: " + b"9" * 5_000,
        "nothing for a key": b"? null\n: 1\nx: 2",
        "a tag that runs": b"a: !!python/object/apply:os.getpid []",
    },
    "corpus": {
        "no UTF-8": b"\xff",
        "a bomb": bomb(),
        "deep": b"a: " + b"{a: " * 2_000,
        "a list": b"[]",
        "nothing": b"",
        "numbers for keys": b"1: 2",
    },
    "report": {
        "no UTF-8": b"\xff",
        "an option called nothing": reports()[1].replace(
            b"    n_mels: 64", b"    ? null\n    : 64"
        ),
        "extends a number": b"extends: 5\n",
        "extends a name that is too long": b"extends: " + b"a" * 400,
        "nothing for a key": b"? null\n: 1\nx: 2",
        "extends a list": b"extends: [a]\n",
        "extends itself": b"extends: .\n",
        "a bomb": bomb(),
        "a list": b"[]",
    },
}
CASES = [
    pytest.param(reader, data, id=f"{reader}: {name}")
    for reader, found in FINDINGS.items()
    for name, data in found.items()
]


@pytest.mark.parametrize(("reader", "data"), CASES)
def test_what_was_found_is_refused_in_one_line_that_names_it(reader, data):
    said = ends_well(reader, data)
    assert said != "read"
    assert "\n" not in said
    assert any(name in said for name in NAMES[reader])


#: What the files are called that the readers are given.
NAMES = {
    "wav": ["x.wav"],
    "zip": ["0_dB_fan.zip"],
    "receipt": ["receipt.json"],
    "manifest": ["split.csv"],
    "scores": ["score.csv"],
    "model": ["weights", "description"],
    "configuration": ["config.yaml"],
    "corpus": ["gears.yaml"],
    "report": ["/mine/"],
}

#: What is done to an example, beside which byte it begins at.
DONE = {
    "cut there": lambda data, at: data[:at],
    "begun there": lambda data, at: data[at:],
    "a bit turned": lambda data, at: data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :],
    "zeros": lambda data, at: data[:at] + bytes(4) + data[at + 4 :],
    "the largest number": lambda data, at: data[:at] + b"\xff" * 4 + data[at + 4 :],
    "the largest with a sign": lambda data, at: data[:at] + b"\xff\xff\xff\x7f" + data[at + 4 :],
    "a letter of Latin-1": lambda data, at: data[:at] + b"\xe9" + data[at:],
    "an end of a line": lambda data, at: data[:at] + b"\n" + data[at:],
    "a comma": lambda data, at: data[:at] + b"," + data[at:],
    "doubled": lambda data, at: data[:at] + data,
    "nan": lambda data, at: data[:at] + b"nan" + data[at + 3 :],
    "brackets": lambda data, at: data[:at] + b"[" * 300 + data[at:],
}


@pytest.mark.parametrize("done", DONE)
@pytest.mark.parametrize("reader", READERS)
def test_what_is_done_to_an_example_ends_well(reader, done):
    """At sixteen places of each example."""
    for data in READERS[reader].examples():
        for place in range(16):
            said = ends_well(reader, DONE[done](data, len(data) * place // 16))
            assert "\n" not in said


@pytest.mark.parametrize("reader", READERS)
def test_examples_are_read(reader):
    assert [ends_well(reader, data) for data in READERS[reader].examples()] == [
        "read" for _ in READERS[reader].examples()
    ]


def test_the_rows_of_the_examples_are_as_many_as_their_lines():
    assert manifests()[0].count(b"\n") == scores()[0].count(b"\n") == len(rows()) + 1
