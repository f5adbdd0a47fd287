"""What tells that files changed without reading them: size and time stamp, which a move keeps.

A receipt says of a zip that its MD5 was verified, and by its stamp of which zip that is true.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from mimii_bench.util.atomic import replacing
from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import read_bytes


def stamp(path: Path | str) -> list[int] | None:
    """Return size and time stamp of a file; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns]


def names_digest(names: Iterable[str]) -> str:
    """Return a digest of names, in their order."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def files_digest(folder: Path | str, names: Iterable[str]) -> str:
    """Return a digest of the files `names` of a folder and their stamps, wherever the folder is."""
    return names_digest(f"{name} {stamp(os.path.join(folder, name))}" for name in names)


def write_receipt(receipt: Path | str, archive: Path, md5: str, asked: list[int] | None) -> None:
    """Write that an archive was found to have an MD5.

    Parameters
    ----------
    receipt : Path or str
        The file to write.
    archive : Path
    md5 : str
    asked : list of int or None
        What `zip_to_check` returned.
    """
    content = {"archive": archive.name, "md5": md5, "zip": stamp(archive), "asked": asked}
    with replacing(receipt) as part:
        part.write_text(json.dumps(content) + "\n")


def zip_to_check(receipt: Path | str, archive: Path | str) -> list[int] | None:
    """Return a value that stays the same as long as `receipt` is true of `archive`.

    A zip that is gone is no other one.

    Returns
    -------
    list of int or None
        What it was when the receipt was asked for (None: the zip was to be downloaded), or, where
        another zip lies there now, the stamp of that.
    """
    there, known = stamp(archive), _read(receipt)
    is_other = there is not None and there != known.get("zip")
    return there if is_other else known.get("asked")


def _read(receipt: Path | str) -> dict:
    try:
        found = json.loads(read_bytes(receipt))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or "md5" not in found:
        raise UserError(
            f"{receipt}: no whole receipt; delete it, and the zip is verified again at the next run"
        )
    return found
