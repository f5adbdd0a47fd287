"""Where the workflow lies that goes with this library: Snakefile, reports, leaderboard, schemas.

That is the source tree where the library is installed from one so that an edit of it counts
(`pip install --editable`), and else the copy that the package holds.
"""

from pathlib import Path
from typing import NamedTuple

from mimii_bench.util.errors import UserError

_PACKAGE = Path(__file__).parents[1]


class Checkout(NamedTuple):
    """The folder of config.yaml, Snakefile and reports.

    Attributes
    ----------
    folder : Path
    packaged : bool
        Whether it is the package's own copy, which belongs to no user.
    """

    folder: Path
    packaged: bool

    @property
    def snakefile(self) -> Path:
        """The workflow."""
        return self.folder / "Snakefile"

    def __str__(self) -> str:
        kind = "packaged workflow" if self.packaged else "checkout"
        return f"{kind} {self.folder}"


def find_checkout(package: Path = _PACKAGE) -> Checkout:
    """Return the workflow of a library.

    Parameters
    ----------
    package : path, optional
        The folder of the modules; by default, of these.

    Raises
    ------
    UserError
        There is none: the package was built without it.
    """
    source = Checkout(package.parents[1], packaged=False)
    if package.parent.name == "src" and source.snakefile.is_file():
        return source
    copy = Checkout(package / "checkout", packaged=True)
    if copy.snakefile.is_file():
        return copy
    raise UserError(
        f"{package}: the package holds no workflow; install it with pip install from a checkout"
    )
