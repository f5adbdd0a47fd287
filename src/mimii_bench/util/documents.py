"""YAML documents: report.yaml and the like."""

from pathlib import Path

import yaml

from mimii_bench.util.errors import UserError


def read_yaml(path: Path) -> object:
    """Return the content of a YAML file; raises UserError where it is none."""
    try:
        return yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise UserError(f"{path}: no valid YAML: {' '.join(str(error).split())}") from error
