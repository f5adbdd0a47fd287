"""YAML documents: report.yaml and the like."""

from pathlib import Path

import yaml

from mimii_bench.util.errors import UserError

#: libyaml's, ten times as fast, where PyYAML is built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> object:
    """Return the content of a YAML file; raises UserError where it is none."""
    try:
        return yaml.load(path.read_text(), Loader=_LOADER)
    except yaml.YAMLError as error:
        raise UserError(f"{path}: no valid YAML: {' '.join(str(error).split())}") from error
