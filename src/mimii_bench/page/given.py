"""What the page is made of: facts of the project, and files of the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mimii_bench.util.records import read_listed


@dataclass(frozen=True)
class Given:
    """What every section takes.

    Attributes
    ----------
    facts : mapping
        Of the project, as `planning.page.Page.facts` returns them.
    files : mapping
        Paths by what they are, as `planning.page.Page.files` returns them.
    """

    facts: Mapping
    files: Mapping[str, str]

    @property
    def simulated(self) -> bool:
        """Whether the recordings are simulated."""
        return self.facts["corpus"]["simulated"]

    @property
    def recordings(self) -> str:
        """What the subtitle of a picture calls the recordings."""
        return self.facts["corpus"]["called"]

    def rows(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a table, verified, by column; none where it was not made."""
        path = self.path(name)
        return read_listed(path, self.path(f"{name}_sums")) if path.is_file() else []

    def path(self, name: str) -> Path:
        """Return the path of a file by what it is."""
        return Path(self.files[name])
