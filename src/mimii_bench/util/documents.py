"""YAML documents: report.yaml and the like."""

from pathlib import Path

import yaml

from mimii_bench.util.errors import UserError

_MERGE = "tag:yaml.org,2002:merge"


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
    """Return the content of a YAML file; raises UserError where it is none."""
    try:
        return yaml.load(path.read_text(), Loader=_Loader)
    except yaml.YAMLError as error:
        raise UserError(f"{path}: no valid YAML: {' '.join(str(error).split())}") from error
