"""The ground truth of DCASE's evaluation sets: labels and domains that names of files do not tell.

It is given by the user, in the corpus's folder, as the organisers published it after each
challenge:

- `eval_data_list.csv` (or `eval_data_list_2023.csv`), of all editions: the name of a machine in a
  line of its own, then lines of a file and its labelled name, in 2020 also with 0 or 1;
- the folders of the evaluators since 2021, `ground_truth_data` and, since 2022,
  `ground_truth_domain`, with `ground_truth_fan_section_03_test.csv` in each: lines of a file and 0
  for normal or source, 1 for anomaly or target.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from mimii_bench.corpus.dcase import DOMAINS, Truth, truth_of
from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import read_text

_LABELS = ("normal", "abnormal")
_LIST = "eval_data_list"
_DATA, _DOMAIN = "ground_truth_data", "ground_truth_domain"
#: Folders of evaluators: attributes stand in a third, and are not read.
_FOLDERS = (_DATA, _DOMAIN, "ground_truth_attributes", "ground_truth_attributes_all")


def is_ground_truth(name: str) -> bool:
    """Tell whether a file or folder beside the machines' is one that a ground truth is read from.

    Examples
    --------
    >>> is_ground_truth("eval_data_list_2023.csv"), is_ground_truth("notes.csv")
    (True, False)
    """
    return name in _FOLDERS or (name.startswith(_LIST) and name.endswith(".csv"))


def read_truths(folder: Path, machine: str) -> dict[str, Truth]:
    """Return what the ground truth in a corpus's folder tells of the test clips of a machine.

    Parameters
    ----------
    folder : Path
    machine : str

    Returns
    -------
    {file: Truth}
        By the names of files; nothing where there is no ground truth.

    Raises
    ------
    UserError
        A line is none of a ground truth, or two say different things of a file.
    """
    found: dict[str, Truth] = {}
    for path, file, truth in (*_listed(folder, machine), *_of_evaluator(folder, machine)):
        known = found.setdefault(file, truth)
        if known[:2] != truth[:2]:
            raise UserError(
                f"{path}: {file} of {machine} is {' '.join(truth[:2])}, and elsewhere "
                f"{' '.join(known[:2])}; take away the one that is wrong"
            )
    return found


def _listed(folder: Path, machine: str) -> Iterator[tuple[Path, str, Truth]]:
    """Yield what the lists of all machines tell of one."""
    for path in sorted(folder.glob(f"{_LIST}*.csv")):
        current = ""
        for line, fields in _lines(path):
            if len(fields) == 1:
                current = fields[0]
            elif current == machine:
                yield path, fields[0], _labelled(path, line, fields)


def _labelled(path: Path, line: int, fields: list[str]) -> Truth:
    truth = truth_of(fields[1])
    if truth is None or (len(fields) > 2 and _value(path, line, fields[2]) != _is(truth)):
        raise UserError(
            f"{path}: line {line}: no line of a list of evaluation data, which is a file, its "
            "labelled name and perhaps 0 or 1; take the published one"
        )
    return truth


def _is(truth: Truth) -> int:
    return _LABELS.index(truth.label)


def _of_evaluator(folder: Path, machine: str) -> Iterator[tuple[Path, str, Truth]]:
    """Yield what the files of an evaluator tell of a machine."""
    begins = f"ground_truth_{machine}_section_"
    for path in sorted((folder / _DATA).glob("ground_truth_*_test.csv")):
        if not path.name.startswith(begins):
            continue
        domains = dict(_values(folder / _DOMAIN / path.name))
        told = next((one for one in DOMAINS if path.name.endswith(f"_{one}_test.csv")), "")
        for file, value in _values(path):
            if not told and file not in domains:
                raise UserError(
                    f"{folder / _DOMAIN / path.name}: tells no domain of {file}; put the folder "
                    f"{_DOMAIN} of the evaluator beside {_DATA}"
                )
            yield path, file, Truth(_LABELS[value], told or DOMAINS[domains[file]])


def _values(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the files that a table names, each with 0 or 1."""
    if not path.exists():
        return
    for line, fields in _lines(path):
        if len(fields) != 2:
            raise UserError(
                f"{path}: line {line}: {len(fields)} fields, not a file and 0 or 1; "
                "take the published one"
            )
        yield fields[0], _value(path, line, fields[1])


def _value(path: Path, line: int, text: str) -> int:
    if text not in ("0", "1"):
        raise UserError(f"{path}: line {line}: {text!r} is not 0 or 1; take the published one")
    return int(text)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a table without a header, by number; empty ones and spaces left out."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    try:
        for fields in reader:
            stripped = [field.strip() for field in fields]
            while stripped and not stripped[-1]:
                stripped.pop()
            if stripped:
                yield reader.line_num, stripped
    except csv.Error as error:
        raise UserError(f"{path}: line {reader.line_num}: no valid CSV: {error}") from None
