"""What the audit may assume about a report: the sections of `reports/<key>/audit.yaml`.

Each section is a list of entries, whose keys the check that uses them declares and explains:

* `test_sets` (`candidates.Candidate`): sets of clips that numbers may have been computed on
* `means` (`means.Mean`): averages and their parts
* `sums` (`sums.Sum`): totals and their parts
* `quotes` (`repeats.Quote`): numbers that another report prints, too
* `counts` (`public_counts.ClipCount`): numbers of clips of the public data set
* `pauc` (`pauc.PartialAuc`): pairs of AUC and partial AUC
* `bounds` (`bounds.Bound`): means of numbers of which another report prints some
* `gains` (`gain_rules.Gain`): sentences that claim a gain
* `wholes` (`wholes.Whole`): the clips behind AUCs and rates
* `folds` (`folds.Folds`): the folds that AUCs and rates are of, together
"""

from typing import NamedTuple, TypeVar

from mimii_bench.audit.cells import Published
from mimii_bench.util.errors import UserError

Entry = TypeVar("Entry", bound=NamedTuple)

SECTIONS = (
    *("test_sets", "means", "sums", "quotes", "counts", "pauc", "bounds", "gains", "wholes"),
    "folds",
)


def entries(published: Published, section: str, kind: type[Entry]) -> list[Entry]:
    """Return the entries of a section of audit.yaml.

    Parameters
    ----------
    published : Published
        The report.
    section : str
        One of `SECTIONS`.
    kind : type of NamedTuple
        What an entry is made into.

    Raises
    ------
    UserError
        That names the file and what is wrong: an unknown section or key, a missing key, a section
        that is no list of entries, a table that the report does not have.
    """
    for name in published.notes:
        if name not in SECTIONS:
            raise UserError(f"{published.path}: {name!r} is none of {', '.join(SECTIONS)}")
    listed = published.notes.get(section) or []
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise UserError(f"{published.path}: {section}: must be a list of entries")
    made = []
    for entry in listed:
        try:
            made.append(kind(**entry))
        except TypeError as error:
            problem = str(error).split(" ", 1)[-1]
            raise UserError(f"{published.path}: {section}: {problem}") from None
        _check_tables(published, section, entry)
    return made


def _check_tables(published: Published, section: str, entry: dict) -> None:
    known = {cell.table for cell in published.places}
    for table in entry.get("tables", [entry.get("table")]):
        if table not in known:
            raise UserError(f"{published.path}: {section}: no table {table!r} in published.csv")
