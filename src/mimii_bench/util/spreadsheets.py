"""Names that stay names where a table is opened in a spreadsheet."""

import re

#: A program takes what begins so for something to compute, or to run.
_FORMULA = re.compile(r"[=+@\t\r-]")
#: But for a number and words, as in -6dB: what follows has nothing that combines the two.
_QUANTITY = re.compile(r"-\d[\w. ()]*")


def formula_objection(text: str) -> str:
    """Return why a text cannot stand in a table that people open; nothing where it can.

    CSV has no way to say that a field is text, and no writer can do so for it without changing it.

    Examples
    --------
    >>> formula_objection("=HYPERLINK(A1)")
    "'=HYPERLINK(A1)' begins as a formula of a spreadsheet; begin it with a letter or a digit"
    >>> formula_objection("-6dB Journal")
    ''
    """
    if _FORMULA.match(text) and not _QUANTITY.fullmatch(text):
        return f"{text!r} begins as a formula of a spreadsheet; begin it with a letter or a digit"
    return ""


def in_table(path: str) -> str:
    """Return the path of a file as it may stand in a table that people open.

    Examples
    --------
    >>> in_table("=1+1.wav"), in_table("fan.wav")
    ('./=1+1.wav', 'fan.wav')
    """
    return f"./{path}" if formula_objection(path) else path
