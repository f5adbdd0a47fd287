"""The chain behind one number of all.csv, from the clips on, and the proof of it.

Each link names its files and whether they are what the number stands on; at the end the number is
computed anew from the scores, as the tables do it, and held against the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mimii_bench.provenance.engine_records import Records
from mimii_bench.provenance.evidence import BROKEN, Link, worst
from mimii_bench.provenance.links import Links
from mimii_bench.provenance.lookup import address_of
from mimii_bench.provenance.making import Making
from mimii_bench.provenance.subject import PROVEN, Subject
from mimii_bench.reports import columns
from mimii_bench.util.errors import UserError


@dataclass(frozen=True)
class Chain:
    """A number and what it stands on.

    Attributes
    ----------
    address : str
    line : int
        In all.csv.
    row : mapping
        Of all.csv.
    links : list of Link
    computed : mapping or None
        The same columns, computed anew; None where they could not be, `why` tells.
    why : str
    unrecorded : int
        Files of whose making nothing is noted.
    """

    address: str
    line: int
    row: Mapping[str, str]
    links: Sequence[Link]
    computed: Mapping[str, str] | None
    why: str
    unrecorded: int

    @property
    def differing(self) -> list[str]:
        """Which columns come out otherwise now."""
        computed = self.computed or {}
        return [name for name in PROVEN if name in computed and computed[name] != self.row[name]]

    @property
    def is_proven(self) -> bool:
        """Whether every link holds and the number comes out as it stands there."""
        holds = worst(link.state for link in self.links) not in BROKEN
        return holds and self.computed is not None and not self.differing

    def plain(self) -> dict:
        """Return it as plain values."""
        return {
            "address": self.address,
            "line": self.line,
            "row": dict(self.row),
            "links": [link.plain() for link in self.links],
            "computed_now": None if self.computed is None else dict(self.computed),
            "differs_in": self.differing,
            "why_not_computed": self.why,
            "files_without_record": self.unrecorded,
            "proven": self.is_proven,
        }


def chain_of(project, rows: Sequence[Mapping[str, str]], place: int) -> Chain:
    """Return the chain behind a row of all.csv.

    Parameters
    ----------
    project : Project
    rows : sequence of mapping
        All of the file.
    place : int
        Which of them.

    Raises
    ------
    UserError
        Where the row is of a report that the configuration does not ask for.
    """
    report = rows[place][columns.REPORT]
    if report not in project.reports:
        asked = ", ".join(project.reports)
        raise UserError(
            f"{report}: the configuration asks for {asked} alone; give that of the run by "
            "--configfile and --config"
        )
    subject, making = Subject(project, rows[place]), Making(project, Records())
    computed, why = subject.computed()
    links = [link for link in Links(project, subject, making).all() if link.says or link.proofs]
    return Chain(
        address=address_of(rows[place]),
        line=place + 2,
        row=rows[place],
        links=links,
        computed=computed,
        why=why,
        unrecorded=making.unrecorded,
    )
