"""Fetches the published zips, resuming where a broken connection stopped, and checks them.

The bytes arrive in `<name>.part`; the final name appears only once the MD5 is right. Requests and
tenacity are used directly: pooch deletes its temporary file after every failure, so all of the
resuming would still be written here and only a hash and a rename would be left to it.
"""

import hashlib
import os
import shutil
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

from mimii_bench.corpus import mimii
from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import is_special

CHUNK_BYTES = 1 << 16  # what a cut connection can cost: the chunk under way is asked for again
ATTEMPTS = 8
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
TIMEOUT_S = (30, 60)  # to connect; between two packets

# "identity": a compressed answer would have other offsets than the file.
HEADERS = {"User-Agent": "mimii-bench", "Accept-Encoding": "identity"}


def disk_needed(names: Iterable[str], folder: Path | str, base_url: str | None = None) -> int:
    """Return how many bytes of the zips `names` are still to be written into `folder`.

    A zip's size is the upper bound of the published ones, or, given `base_url`, what that server
    says.
    """
    return sum(_missing_bytes(Path(folder) / name, base_url) for name in names)


def check_disk(names: Iterable[str], folder: Path | str, base_url: str = mimii.RECORD_URL) -> None:
    """Raise UserError if the zips `names` do not fit on the disk that holds `folder`.

    The server is asked for the sizes only where their upper bound does not fit.
    """
    names, folder = list(names), Path(folder)
    existing = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    if disk_needed(names, folder) <= free:
        return
    needed = disk_needed(names, folder, base_url)
    if needed > free:
        raise UserError(
            f"{folder}: {needed} bytes are still to be downloaded but {free} bytes are free: "
            "free disk space, or name a folder on a larger disk in config key `mimii.folder`"
        )


def verify(path: Path | str, md5: str) -> None:
    """Raise UserError if `path` is missing, cut short, no zip, or has another MD5 than `md5`."""
    path = Path(path)
    _check_plain(path)
    if not path.is_file():
        raise UserError(
            f"{path} is missing: put the published zip there (config key `mimii.folder` names the "
            "folder), or set `mimii.download: true`"
        )
    if _is_truncated(path):
        raise UserError(
            f"{path} is truncated (it ends after {_size(path)} bytes, without a zip's directory): "
            "set `mimii.download: true` to fetch the rest, or copy the published zip again"
        )
    if not zipfile.is_zipfile(path):
        raise UserError(f"{path} is no zip: delete it and set `mimii.download: true`")
    found = _md5(path)
    if found != md5:
        raise UserError(
            f"{path} is altered (MD5 {found}, the published zip has {md5}): delete it and set "
            "`mimii.download: true`, copy the published zip again, or, if it is an archive of "
            "your own, set `mimii.archives: own`"
        )


def download(
    name: str,
    folder: Path | str,
    md5: str | None = None,
    base_url: str = mimii.RECORD_URL,
    progress: bool = True,
    attempts: int = ATTEMPTS,
    wait_s: float = FIRST_WAIT_S,
) -> Path:
    """Fetch a zip, unless it is there and right; return its path.

    Goes on from `<name>.part` or from a truncated `<name>`.

    Parameters
    ----------
    name : str
        What the zip is called, on the server and in `folder`.
    folder : Path or str
        Where it is to be.
    md5 : str, optional
        What it must have; that of the published zip unless given.
    base_url : str
        The folder of a server or mirror.
    progress : bool
        Whether to draw a bar.
    attempts : int
        After so many requests in a row that brought nothing it gives up.
    wait_s : float
        Seconds between the first two of them; doubled each time.

    Raises
    ------
    UserError
        The disk is too small or full, the server fails or refuses, what came has another MD5 (it is
        deleted), or a zip that is already there is altered (it is left alone).
    """
    md5 = md5 or mimii.MD5[name]
    path = Path(folder) / name
    part = _part(path)
    if path.exists() and not _is_truncated(path):
        verify(path, md5)
        return path
    check_disk([name], folder, base_url)
    if _size(path) > _size(part):
        path.replace(part)
    url = _url(base_url, name)
    _transfer(url, part, progress, attempts, wait_s)
    found = _md5(part)
    if found != md5:
        part.unlink()
        raise UserError(
            f"{path}: what came from {url} has MD5 {found}, expected {md5}, and was deleted: "
            "rerun; if it happens again, the file at that URL is altered: use another mirror"
        )
    os.replace(part, path)
    return path


class _Interrupted(Exception):
    """A request failed in a way that another one may mend."""


class _Transfer:
    """One zip on its way into its `.part` file."""

    def __init__(self, url, part, bar):
        self.url, self.part, self.bar = url, part, bar
        self.reached = _size(part)
        self.stalled = 0  # requests in a row that got no further than those before

    def request(self):
        """Ask once for the bytes that are missing; raise _Interrupted unless all of them came."""
        import requests

        offset = _size(self.part)
        headers = HEADERS | ({"Range": f"bytes={offset}-"} if offset else {})
        try:
            with requests.get(self.url, headers=headers, stream=True, timeout=TIMEOUT_S) as answer:
                self._receive(answer, offset)
        except (requests.RequestException, _Interrupted) as error:
            if isinstance(error, ValueError):  # what requests makes of a malformed URL
                raise UserError(f"{self.url} is no URL to download from: {error}") from error
            size = _size(self.part)
            self.stalled = 0 if size > self.reached else self.stalled + 1
            self.reached = max(size, self.reached)
            self.bar.set_postfix_str("interrupted, trying again")
            raise _Interrupted(str(error)) from error
        except OSError as error:
            raise UserError(
                f"{self.part} cannot be written ({error.strerror}): free disk space or change "
                "`mimii.folder`, then rerun: the download goes on where it stopped"
            ) from error

    def _receive(self, answer, offset):
        if answer.status_code == 416 and offset:  # nothing lies behind it: left to the MD5
            return
        self._check(answer, offset)
        if answer.status_code == 200:  # also the answer of a server that ignores ranges
            offset = 0
        length = answer.headers.get("Content-Length", "")
        self.bar.n, self.bar.total = offset, offset + int(length) if length.isdigit() else None
        self.part.parent.mkdir(parents=True, exist_ok=True)
        with self.part.open("ab" if offset else "wb") as file:
            for chunk in answer.iter_content(CHUNK_BYTES):
                file.write(chunk)
                self.bar.update(len(chunk))
        if _is_truncated(self.part):  # a server may send less of the range than asked for
            raise _Interrupted("the server sent only a part")

    def _check(self, answer, offset):
        status, headers = answer.status_code, answer.headers
        if status >= 500 or status in (408, 429):
            raise _Interrupted(f"the server answers {status} {answer.reason}")
        if status not in (200, 206) or "text/html" in headers.get("Content-Type", ""):
            # A login or maintenance page must not take the place of the bytes that came so far.
            raise UserError(
                f"{self.url}: the server answers {status} {answer.reason} and no zip: check the "
                f"network and the URL, or put the published zip into {self.part.parent} yourself"
            )
        if status == 206 and not headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
            raise _Interrupted("the server answers with another range than asked for")


def _transfer(url, part, progress, attempts, wait_s):
    """Complete `part` with as many requests as it takes while they make progress."""
    import tenacity
    from tqdm import tqdm

    interval = 0.5 if sys.stderr.isatty() else 30  # a log file shall not fill with progress
    bar = tqdm(
        desc=part.stem,
        initial=_size(part),
        unit="B",
        unit_scale=True,
        mininterval=interval,
        disable=not progress,
    )
    with bar:
        transfer = _Transfer(url, part, bar)
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Interrupted),
            stop=lambda state: transfer.stalled >= attempts,
            wait=lambda state: min(LONGEST_WAIT_S, wait_s * 2 ** max(transfer.stalled - 1, 0)),
            reraise=True,
        )
        try:
            retrying(transfer.request)
        except _Interrupted as error:
            raise UserError(
                f"{url}: gave up after {attempts} requests without progress ({error}): rerun to "
                f"go on from {part}"
            ) from error


def _url(base_url, name):
    return f"{base_url.rstrip('/')}/{name}?download=1"


def _missing_bytes(path, base_url):
    if path.exists() and not _is_truncated(path):
        return 0
    size = _server_size(_url(base_url, path.name)) if base_url else None
    return max(0, (size or mimii.LARGEST_ARCHIVE_BYTES) - max(_size(path), _size(_part(path))))


def _server_size(url):
    """Return the Content-Length of `url`, None where the server does not tell."""
    import requests

    try:
        answer = requests.head(url, headers=HEADERS, timeout=10, allow_redirects=True)
        return int(answer.headers["Content-Length"]) if answer.ok else None
    except (requests.RequestException, KeyError, ValueError):
        return None


def _is_truncated(path):
    """Return whether `path` begins like a zip, or is empty, and lacks a zip's last record."""
    _check_plain(path)
    with path.open("rb") as file:
        return b"PK\x03\x04".startswith(file.read(4)) and not zipfile.is_zipfile(file)


def _check_plain(path):
    """Refuse a pipe, which would be waited for without end."""
    if is_special(path):
        raise UserError(f"{path} is no plain file: put the published zip itself there")


def _md5(path):
    with path.open("rb") as file:
        # A check against accidents, not attackers: allowed where MD5 is barred for security.
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    return digest.hexdigest()


def _part(path):
    return path.with_name(path.name + ".part")


def _size(path):
    return path.stat().st_size if path.exists() else 0
