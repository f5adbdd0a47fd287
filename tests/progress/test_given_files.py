"""Files on the command line that are no configuration end a run in one line, and at once."""

import os

import pytest

from snakemake_logger_plugin_mimii.given_files import check_given_files, files_named

TEXT = "corpus: simulated\n"
WRONG = {
    "UTF-16": (TEXT.encode("utf-16"), "line 1: the file is in UTF-16; save it as UTF-8"),
    "UTF-16 without a mark": (TEXT.encode("utf-16-le"), "line 1: a zero byte; is it UTF-16"),
    "UTF-32": (TEXT.encode("utf-32"), "the file is in UTF-32"),
    "Latin-1": (
        "a: 1\nrun: é\n".encode("latin-1"),
        "line 2: not all of it is UTF-8; is it Latin-1",
    ),
    "no text": (bytes(range(256)), "a zero byte"),
    "nothing": (b"", "holds no keys"),
    "a list": (b"[1, 2]", "holds no keys"),
    "a number": (b"3", "holds no keys"),
    "tabs": (b"mimii:\n\tfolder: x\n", "no valid YAML"),
    "open brackets": (b"a: [1\nb: }\n", "no valid YAML"),
    "deep": (b"a: " + b"[" * 3000, "nested more than 40 levels deep"),
    "a key twice": (b"run: a\nrun: b\n", "the key 'run' stands twice"),
    "a tag": (b"a: !!python/object/apply:os.getpid []\n", "could not determine a constructor"),
}
RIGHT = {
    "UTF-8": TEXT.encode(),
    "a mark before UTF-8": b"\xef\xbb\xbf" + TEXT.encode(),
    "ends of lines of Windows": b"corpus: simulated\r\nrun: x\r\n",
    "JSON": b'{"corpus": "simulated"}',
    "a template": b"__use_yte__: true\n?if True:\n  run: x\n",
}


def refused(path):
    with pytest.raises(SystemExit) as end:
        check_given_files(["-n", "--configfile", str(path)])
    told = str(end.value)
    assert told.startswith(f"{path}: ")
    assert "\n" not in told
    return told


@pytest.mark.parametrize("kind", WRONG)
def test_the_file_and_the_mend_are_named(kind, tmp_path):
    content, told = WRONG[kind]
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    assert told in refused(path)


def test_what_is_no_file_is_not_read(tmp_path):
    pipe, ring = tmp_path / "pipe.yaml", tmp_path / "ring.yaml"
    os.mkfifo(pipe)
    ring.symlink_to(ring)
    for path in (pipe, ring, tmp_path, "/dev/zero"):
        assert refused(path)


@pytest.mark.parametrize("kind", RIGHT)
def test_others_are_left_to_snakemake(kind, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(RIGHT[kind])
    check_given_files(["--configfile", str(path)])


def test_a_file_that_is_not_there_is_snakemakes_to_tell(tmp_path):
    check_given_files(["--configfile", str(tmp_path / "none.yaml")])


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("--configfile a b -n all", "a b"),
        ("--configfiles=a b --cores 1", "a"),
        ("--cores 1 --configfiles b --config x=1", "b"),
        ("all --config run=a --directory b", ""),
    ],
)
def test_files_are_those_that_snakemake_takes(line, files):
    from snakemake.cli import get_argument_parser

    named = files_named(line.split())
    assert [str(path) for path in named] == files.split()
    assert (get_argument_parser().parse_args(line.split()).configfile or []) == named
