"""YAML documents: report.yaml and the like."""

from collections.abc import Iterable
from pathlib import Path

import yaml

from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import read_text

_MERGE = "tag:yaml.org,2002:merge"
#: What people write is a few levels deep and some thousand values long, those that aliases repeat
#: counted again: what is deeper or longer would fill the stack or the memory.
DEEPEST, LONGEST = 40, 100_000


# libyaml's is ten times as fast, where PyYAML is built with it.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """A loader to which a key that stands twice is an error, and not the last of the two."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        """Return a mapping; before what it merges is put among its own keys, these are counted."""
        known = set()
        for key, _ in node.value:
            if key.tag != _MERGE and isinstance(key, yaml.ScalarNode):
                if key.value in known:
                    where = f"line {key.start_mark.line + 1}"
                    raise yaml.YAMLError(f"{where}: the key {key.value!r} stands twice")
                known.add(key.value)
        return super().construct_mapping(node, deep)


def parsed_yaml(text: str) -> object:
    """Return what a text means as YAML.

    Raises
    ------
    YAMLError
        It is none, or nested or repeated beyond what people write.
    """
    try:
        _check_extent(yaml.parse(text, Loader=_Loader))
        return yaml.load(text, Loader=_Loader)
    except ValueError as error:
        # A date that there is not, or a number of thousands of digits.
        raise yaml.YAMLError(str(error)) from None


def read_yaml(path: Path) -> object:
    """Return the content of a YAML file.

    Raises
    ------
    UserError
        It is no YAML, no text, no plain file, or nested or repeated beyond what people write.
    FileNotFoundError
        There is no such file.
    """
    text = read_text(path)
    try:
        return parsed_yaml(text)
    except yaml.YAMLError as error:
        told = " ".join(str(error).replace('in "<unicode string>", ', "").split())
        raise UserError(f"{path}: no valid YAML: {told[:300]}") from error


def _check_extent(events: Iterable[yaml.Event]) -> None:
    """Refuse what is nested too deep or, with all that aliases repeat, too long.

    Events come one by one, before anything is built of them.
    """
    extent = _Extent()
    for event in events:
        if why := extent.objection(event):
            raise yaml.YAMLError(f"line {event.start_mark.line + 1}: {why}")


class _Extent:
    """How deep and how long a document is, as far as its events have told."""

    def __init__(self):
        # Of each collection that is open, what aliases call it and how much it holds.
        self._open: list[list] = [["", 0]]
        self._sizes: dict[str | None, int] = {}

    def objection(self, event: yaml.Event) -> str:
        """Take the next event; return what is wrong with it, or nothing."""
        if isinstance(event, yaml.CollectionStartEvent):
            self._open.append([event.anchor, 0])
        elif isinstance(event, yaml.CollectionEndEvent):
            self._add(*self._open.pop())
        elif isinstance(event, yaml.ScalarEvent):
            self._add(event.anchor, 0)
        elif isinstance(event, yaml.AliasEvent):
            if any(event.anchor == anchor for anchor, _ in self._open):
                return f"*{event.anchor} stands within what it repeats"
            self._add(None, self._sizes.get(event.anchor, 0))
        if len(self._open) > DEEPEST:
            return f"nested more than {DEEPEST} levels deep"
        if self._open[-1][1] > LONGEST:
            return f"more than {LONGEST} values, repeated ones counted"
        return ""

    def _add(self, anchor: str | None, size: int) -> None:
        if anchor:
            self._sizes[anchor] = size
        self._open[-1][1] += size + 1
