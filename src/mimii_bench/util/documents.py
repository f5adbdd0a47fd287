"""YAML documents: report.yaml and the like."""

from collections.abc import Iterable
from pathlib import Path

import yaml

from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import read_text

_MERGE = "tag:yaml.org,2002:merge"
#: A document says no more, with what `*alias` repeats counted each time, and no deeper.
_MOST_VALUES, _DEEPEST = 1_000_000, 100


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


def read_yaml(path: Path) -> object:
    """Return the content of a YAML file; raises UserError where it is none, or one without end."""
    text = read_text(path)
    try:
        found = yaml.load(text, Loader=_Loader)
    # ValueError: 2020-13-41 looks like a date. RecursionError: too deep for the parser.
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UserError(f"{path}: no valid YAML: {' '.join(str(error).split())}") from error
    _check_size(found, path)
    return found


def _check_size(document: object, path: Path) -> None:
    """Raise UserError where a document is too deep, or its aliases make it too large, to walk."""
    count, level, depth = 0, [document], 0
    while level:
        depth += 1
        count += len(level)
        if count > _MOST_VALUES or depth > _DEEPEST:
            raise UserError(
                f"{path}: more than {_MOST_VALUES} values, or more than {_DEEPEST} within one "
                "another; write it without such aliases or nesting"
            )
        level = [inner for value in level for inner in _inside(value)]


def _inside(value: object) -> Iterable:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple | set) else ()
