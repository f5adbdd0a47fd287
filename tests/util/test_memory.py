"""What earlier processes found out: recalled while the source is as it was, and only then."""

import json

import pytest

from mimii_bench.util import memory
from mimii_bench.util.memory import Memory


def kept(path, facts, value):
    """Return a memory after a process that has found out one thing, and what it asked."""
    asked = []
    one = Memory()
    one.keep_in(path)
    found = one.recall(facts, lambda: asked.append(facts) or value)
    one.keep()
    return found, asked


def test_a_second_process_recalls_what_the_first_one_found_out(tmp_path):
    path = tmp_path / "memory.json"
    assert kept(path, ["a", 1], "one") == ("one", [["a", 1]])
    assert kept(path, ["a", 1], "two") == ("one", [])
    assert kept(path, ["a", 2], "two") == ("two", [["a", 2]])


def test_nothing_is_recalled_after_an_edit_of_the_source(tmp_path, monkeypatch):
    path = tmp_path / "memory.json"
    kept(path, ["a"], "one")
    monkeypatch.setattr(memory, "contents", lambda folder: "edited")
    assert kept(path, ["a"], "two")[0] == "two"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"stamp": 1}', '"text"'])
def test_a_damaged_memory_costs_time_alone(tmp_path, text):
    path = tmp_path / "memory.json"
    path.write_text(text)
    assert kept(path, ["a"], "one")[0] == "one"
    assert "one" in json.loads(path.read_text())["known"].values()


def test_contents_follow_every_byte_and_name(tmp_path):
    texts = [("a.py", "x = 1"), ("a.py", "x = 2"), ("b.py", "x = 2")]
    found = set()
    for name, text in texts:
        for file in tmp_path.glob("*.py"):
            file.unlink()
        (tmp_path / name).write_text(text)
        memory.contents.cache_clear()
        found.add(memory.contents(tmp_path))
    assert len(found) == len(texts)
