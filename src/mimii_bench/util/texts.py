"""Files of text that others may have written."""

from pathlib import Path

from mimii_bench.util.errors import UserError


def read_text(path: Path | str) -> str:
    """Return the text of a file; raises UserError where it is not encoded as UTF-8."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path}: byte {error.start + 1} is no UTF-8 text; save the file as UTF-8, or delete "
            "it where the workflow made it"
        ) from None
