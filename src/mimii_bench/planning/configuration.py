"""The configuration of a run: what is given, laid over the project's defaults, and checked."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError
from mimii_bench.util.schema import check, coerced, read_schema
from mimii_bench.util.texts import expanded, read_text, shown

#: What a run may be called: it becomes a folder.
_RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

#: Stands in a file of configuration that is a template.
_EVALUATED = "__use_yte__"

#: What begins the message of an error in the configuration: perhaps a key, perhaps one below it.
_PLACE = re.compile(r"config\.yaml: (?:([\w.-]+): )?(?:unknown key '([^']+)')?")


def check_files(files: Iterable[Path | str]) -> None:
    """Raise UserError for a file of configuration that is no plain YAML, as with a key twice.

    What Snakemake is to evaluate before it reads it is left to Snakemake.
    """
    for file in files:
        if _EVALUATED not in read_text(file) and not isinstance(read_yaml(file), Mapping):
            raise UserError(
                f"{file}: holds no keys; write what is to differ, as `results: elsewhere`"
            )


def with_source(told: str, files: Sequence[Path | str]) -> str:
    """Return the message of an error with the file that the key stands in, in the place of ours.

    Parameters
    ----------
    told : str
        `config.yaml: KEY: ...`, whichever file gave it; other messages stay as they are.
    files : sequence of path
        Those that were given, of which later ones win.
    """
    match = _PLACE.match(told)
    keys = [*match[1].split("."), match[2]] if match and match[1] else [match and match[2]]
    for file in reversed(files):
        if any(keys) and _holds(file, list(filter(None, keys))):
            return f"{file}{told.removeprefix('config.yaml')}"
    return told


def _holds(file: Path | str, keys: Iterable[str]) -> bool:
    """Tell whether a file gives a key, each of `keys` being inside the one before."""
    found = {} if _EVALUATED in read_text(file) else read_yaml(file)
    for key in keys:
        if not isinstance(found, Mapping):
            break
        if key not in found:
            return False
        found = found[key]
    return True


def complete(root: Path, given: Mapping, definitions: Mapping) -> dict:
    """Return a configuration with the defaults of the project's own config.yaml.

    What is given on the command line comes as text where it is nested; it is read as the schema
    wants it.

    Parameters
    ----------
    root : path
        The project's folder.
    given : mapping
        What differs.
    definitions : mapping
        The names of units, as `unit_definitions` has them.

    Raises
    ------
    UserError
        Naming the key and what is allowed.
    """
    schema = read_schema(root, "config", definitions)
    whole = coerced(laid_over(read_yaml(root / "config.yaml"), given), schema)
    check(whole, schema, "config.yaml")
    _check_run(whole["run"])
    found = _with_home(whole)
    _check_results(Path(results_folder(found)))
    return found


def _with_home(whole: Mapping) -> dict:
    """Return a configuration in which paths that begin with `~` have the home folder there."""
    mimii = whole["mimii"]
    return {
        **whole,
        "corpus": expanded(whole["corpus"], "config.yaml: corpus"),
        "results": expanded(whole["results"], "config.yaml: results"),
        "reports": [expanded(name, "config.yaml: reports") for name in whole["reports"]],
        "mimii": {**mimii, "folder": expanded(mimii["folder"], "config.yaml: mimii.folder")},
    }


def laid_over(base: Mapping, given: Mapping) -> dict:
    """Return `base` with what is `given` in its place, mapping by mapping."""
    merged = dict(base)
    for key, value in given.items():
        nested = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = laid_over(merged[key], value) if nested else value
    return merged


def results_folder(configuration: Mapping) -> str:
    """Return where a run writes: its own folder in that of all results, where it has a name."""
    return "/".join(filter(None, (configuration["results"].rstrip("/"), configuration["run"])))


def _check_run(name: str) -> None:
    if name and not _RUN_NAME.fullmatch(name):
        raise UserError(
            f"config.yaml: run: {shown(name)}: write letters, digits, _, . and - alone, at most 64"
        )


def _check_results(folder: Path) -> None:
    """Raise UserError where no file could be written below a folder: another is in the way."""
    there = next((place for place in (folder, *folder.parents) if os.path.lexists(place)), folder)
    if os.path.lexists(there) and not there.is_dir():
        raise UserError(f"config.yaml: results: {there} is there and no folder; name another place")
