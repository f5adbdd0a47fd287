"""Which corpus a configuration names, and where it lies: all that a job which reads clips needs.

Read from the configuration, not from a rule's params, which Snakemake compares between runs: zips
that were moved to another folder, or are now allowed to be downloaded, are still the same zips.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mimii_bench.corpus.base import Corpus
from mimii_bench.corpus.dcase import DCASE
from mimii_bench.corpus.forms import with_found_form
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.corpus.simulate.description import SIMULATED, simulation
from mimii_bench.corpus.sources import ClipSource, open_source
from mimii_bench.util.errors import UserError
from mimii_bench.util.texts import expanded, shown

#: Layouts of the `mimii` block of config.yaml.
BY_LAYOUT = {"zip": MIMII, "folder": replace(MIMII, layout="folder"), **DCASE}
#: Where the simulation writes its zips, below the folder of results.
SIMULATED_FOLDER = "corpus/simulated"
_DESCRIPTIONS = (".yaml", ".yml")


@dataclass(frozen=True)
class Location:
    """A corpus and where it lies.

    Attributes
    ----------
    description : Corpus
    folder : Path
    reference : str
        What `described` gives the same description for.
    """

    description: Corpus
    folder: Path
    reference: str

    def source(self, machine: str, snr: str) -> ClipSource:
        """Return the source of the clips of a machine under a condition."""
        return open_source(self.description, self.folder, machine, snr)


def located(config: Mapping, results: Path) -> Location:
    """Return which corpus a configuration names.

    Parameters
    ----------
    config : mapping
        The content of config.yaml: `corpus`, which is simulated, mimii, or the path to a
        description (see `own`), and the block of that name.
    results : Path
        The folder of results, below which the simulation writes.

    Raises
    ------
    UserError
        There is no such corpus, or its description is wrong.
    """
    name = config["corpus"]
    if name == "simulated":
        description = simulation(config["simulated"].get("stub_seconds"))
        return Location(description, results / SIMULATED_FOLDER, name)
    if name == "mimii":
        return _mimii(config["mimii"])
    if is_description(name):
        own = read_own(name)
        return Location(own.corpus, own.folder, name)
    raise UserError(
        f"config.yaml: corpus: {shown(name)} is not one of simulated, mimii; or name the YAML file "
        "that describes your own"
    )


def _mimii(block: Mapping) -> Location:
    """Return where the corpus of MIMII's machines lies.

    Only published zips are sure to be as they were published: of others, the first recording tells
    what they are like, if it can be read.
    """
    layout, folder = block["layout"], Path(block["folder"])
    description = described(layout)
    own_zips = layout == "zip" and block.get("archives") != "published"
    if own_zips or layout == "folder":
        with suppress(UserError):
            description = with_found_form(description, folder)
    return Location(description, folder, layout)


def described(reference: str) -> Corpus:
    """Return the description of a corpus: a layout of the `mimii` block, simulated, or a file's.

    Raises
    ------
    UserError
        There is no such description, or it is wrong.
    """
    if is_description(reference):
        return read_own(reference).corpus
    known = {"simulated": SIMULATED, **BY_LAYOUT}
    if reference not in known:
        raise UserError(f"{reference!r} is no corpus: it is not one of {', '.join(known)}")
    return known[reference]


def description_named_by(config: Mapping) -> Corpus:
    """Return the description of the corpus of a configuration that nobody has checked yet.

    What is odd there is left to the check, which needs the names that this one gives; then MIMII
    is taken.
    """
    name, block = config.get("corpus"), config.get("mimii")
    if isinstance(name, str) and is_description(name):
        return described(expanded(name, "config.yaml: corpus"))
    layout = block.get("layout") if name == "mimii" and isinstance(block, Mapping) else None
    return BY_LAYOUT.get(layout, MIMII) if isinstance(layout, str) else MIMII


def is_description(name: str) -> bool:
    """Tell whether the configuration's `corpus` is the path to a description."""
    return name.endswith(_DESCRIPTIONS)


def read_own(path: str):
    """Return the `own.OwnCorpus` that a file describes; raises UserError where it is wrong."""
    # Most jobs are of no such corpus, and the library that checks it takes .1 s to import.
    from mimii_bench.corpus.own import read_description

    return read_description(Path(path))
