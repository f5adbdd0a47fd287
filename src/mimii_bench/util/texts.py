"""Text files that people write, and their paths: read whole, once they are sure to be that."""

import os
import stat
from pathlib import Path

from mimii_bench.util.errors import UserError

#: No file that a person writes is larger; what is, is another file under its name.
LARGEST_BYTES = 64 << 20
#: Of the name of a file or folder.
LONGEST_PART = 255
#: Of what was given, so much is repeated in a message.
_SHOWN = 80
_SPECIAL = "a pipe or device"


def shown(value: object) -> str:
    """Return what was given as a message repeats it: in one line, and not in full if it is long.

    Examples
    --------
    >>> shown("a" * 1000)[-10:]
    'aaaaaaa...'
    """
    # Python refuses to write out a number of more than 4300 digits.
    is_huge = isinstance(value, int) and value.bit_length() > 1000
    text = hex(value) if is_huge else repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def read_text(path: Path | str) -> str:
    """Return the text of a file, without the mark that some editors put before UTF-8.

    Raises
    ------
    UserError
        It is no plain file (a pipe would be waited for without end), cannot be read, is larger
        than `LARGEST_BYTES`, or is not in UTF-8.
    FileNotFoundError
        There is no such file.
    """
    data = read_bytes(path)
    try:
        # A text of UTF-16 without a mark is one of UTF-8 too, of which every other letter is this.
        if b"\0" not in data:
            return data.decode("utf-8-sig")
        wrong = data.index(b"\0")
    except UnicodeDecodeError as error:
        wrong = error.start
    line = data.count(b"\n", 0, wrong) + 1
    raise UserError(f"{path}: line {line}: {_encoding_of(data)}; save it as UTF-8")


def read_bytes(path: Path | str, largest: int = LARGEST_BYTES) -> bytes:
    """Return the content of a plain file of at most `largest` bytes; raises as `read_text`."""
    try:
        # Opening a pipe for reading would wait for somebody who writes.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            _check_kind(path, os.fstat(file.fileno()), largest)
            return file.read()
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"{path}: cannot be read: {reason}; put the file there, readable") from None


def is_special(path: Path) -> bool:
    """Tell whether a path leads to a pipe, a socket or a device: reading could take for ever."""
    return path.exists() and _kind(path.stat().st_mode) == _SPECIAL


def expanded(path: str, key: str) -> str:
    """Return a path with the home folder in the place of `~`, as a shell has it.

    Raises
    ------
    UserError
        That names the `key`, for the home of somebody who is unknown here, and for a name that no
        file system takes.
    """
    if any(len(os.fsencode(part)) > LONGEST_PART for part in Path(path).parts):
        raise UserError(f"{key}: {path[:80]}...: a name in a path has at most {LONGEST_PART} bytes")
    try:
        return str(Path(path).expanduser()) if path.startswith("~") else path
    except RuntimeError:
        raise UserError(f"{key}: {path}: there is no such home folder; write it in full") from None


def _check_kind(path: Path | str, status: os.stat_result, largest: int) -> None:
    if kind := _kind(status.st_mode):
        raise UserError(f"{path}: is {kind}; put a plain file there")
    if status.st_size > largest:
        raise UserError(
            f"{path}: has {status.st_size} bytes, and at most {largest} are read; is it another "
            "file?"
        )


def _kind(mode: int) -> str:
    """Return what a path leads to, by its mode; nothing of a plain file."""
    if stat.S_ISREG(mode):
        return ""
    return "a folder" if stat.S_ISDIR(mode) else _SPECIAL


def _encoding_of(data: bytes) -> str:
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "the file is in UTF-32"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "the file is in UTF-16"
    if b"\0" in data:
        return "a zero byte; is it UTF-16, or no text?"
    return "not all of it is UTF-8; is it Latin-1, or no text?"
