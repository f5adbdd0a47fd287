"""What names and texts of a report may hold: they are compared, printed and become files."""

import unicodedata
from collections.abc import Mapping

from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import shown

#: Of a name, as of a row or a variant, and of a text, as of a caption.
LONGEST_NAME, LONGEST_TEXT = 200, 2000


def objection(text: str, longest: int = LONGEST_NAME) -> str:
    """Return why a text is none of one line, written in one way; nothing where it is.

    Two names that look the same must be the same: blanks at the ends, two in a row and others than
    the plain one, marks without width, and letters put together of parts are no way to write one.

    Examples
    --------
    >>> objection("fan id_00")
    ''
    >>> objection("fan  id_00")
    "'fan  id_00' has a blank too many; take it away"
    """
    if len(text) > longest:
        return f"{shown(text)} has {len(text)} characters; write at most {longest}"
    if not text.isprintable():
        odd = next(one for one in text if not one.isprintable())
        return f"{shown(text)} holds the character {odd!r}; write it in one line of plain text"
    if text != " ".join(text.split()):
        return f"{shown(text)} has a blank too many; take it away"
    if text != unicodedata.normalize("NFC", text):
        return f"{shown(text)} holds letters that are put together; write it in Unicode's form NFC"
    return ""


def check_texts(document: object, key: str = "") -> None:
    """Check all texts of a document, keys and values; raises UserError that names the key."""
    if isinstance(document, Mapping):
        for name, value in document.items():
            _check(str(name), LONGEST_NAME, key)
            check_texts(value, f"{key}.{name}" if key else str(name))
    elif isinstance(document, list):
        for place, value in enumerate(document):
            check_texts(value, f"{key}.{place}")
    elif isinstance(document, str):
        # A block of YAML ends with the end of its last line.
        _check(document.removesuffix("\n"), LONGEST_TEXT, key)


def _check(text: str, longest: int, key: str) -> None:
    if why := objection(text, longest):
        raise UserError(f"{key}: {why}" if key else why)
