"""What Snakemake noted of the jobs that it ran: parameters, and checksums of what they read.

Its records are read as they lie in `.snakemake/metadata`, a JSON file for each output; where there
are none, nothing is claimed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


class Records:
    """The records of a folder in which Snakemake ran."""

    def __init__(self, folder: Path | str = "."):
        self._folder = Path(folder, ".snakemake/metadata")

    def of(self, output: str) -> Mapping | None:
        """Return the record of an output; None where there is none that can be read."""
        name = base64.b64encode(output.encode()).decode()
        with suppress(OSError, ValueError):
            found = json.loads((self._folder / name).read_text())
            if isinstance(found, dict) and not found.get("incomplete"):
                return found
        return None

    def differences(self, output: str, expected: Mapping[str, object]) -> list[str] | None:
        """Return which parameters of the job that made an output are others now.

        Parameters
        ----------
        output : str
        expected : {what: value}
            Parameters as the rules have them now.

        Returns
        -------
        list of str or None
            None where nothing is known of the job.
        """
        record = self.of(output)
        if record is None:
            return None
        known = record.get("params", [])
        return [what for what, value in expected.items() if repr(value) not in known]

    def inputs(self, output: str) -> dict[str, str]:
        """Return the SHA-256 of what the job read, by path, as far as it was noted."""
        found = (self.of(output) or {}).get("input_checksums", {})
        return {
            path: digits.removeprefix("sha256:")
            for path, digits in found.items()
            if str(digits).startswith("sha256:")
        }
