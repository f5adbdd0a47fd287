"""The attribute tables of DCASE since 2022: under what conditions each recording was made.

`fan/attributes_00.csv` has a row for each file of a section: `file_name`, then pairs of columns
`d1p,d1v,d2p,d2v`, a parameter and its value.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_rows

_TABLE = re.compile(r"attributes_[A-Za-z0-9+-]+\.csv")
_FILE = "file_name"
_PARAMETER = re.compile(r"d(\d+)p")
#: What stands for attributes that are kept back, or for a parameter that a file has not.
_NOTHING = ("", "none", "noAttribute")


def is_attribute_table(name: str) -> bool:
    """Tell whether a file of a machine is a table of attributes."""
    return _TABLE.fullmatch(name) is not None


def read_attributes(folder: Path) -> dict[str, str]:
    """Return the attributes that the tables in a machine's folder tell, written as names have them.

    Returns
    -------
    {file: str}
        By the path of the file in the machine's folder, such as `train/section_00_0000.wav`, what
        its name would have: `vel_6_loc_A`. A file without any is left out.

    Raises
    ------
    UserError
        A table has no column `file_name`.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.glob("attributes_*.csv")):
        rows = read_rows(path) if is_attribute_table(path.name) else []
        for row in rows:
            if _FILE not in row:
                raise UserError(f"{path}: no column {_FILE}; take the published table")
            if text := _written(row):
                found["/".join(row[_FILE].split("/")[-2:])] = text
    return found


def _written(row: Mapping[str, str]) -> str:
    """Return the attributes of a row.

    Examples
    --------
    >>> _written({"file_name": "a.wav", "d1p": "vel", "d1v": "6", "d2p": "", "d2v": ""})
    'vel_6'
    """
    pairs = [
        (name, row.get(f"d{match[1]}v", ""))
        for column, name in row.items()
        if (match := _PARAMETER.fullmatch(column)) and name not in _NOTHING
    ]
    return "_".join(f"{name}_{value}" for name, value in pairs)
