"""Files as evidence: whether each is there, as it was written, and made by what is here now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from mimii_bench.planning.verification import complaint_of, is_covered


class State(StrEnum):
    """What is known of a file, a link or a chain; the later, the worse."""

    OK = "as written"
    THERE = "there, without a checksum"
    GONE = "not kept"
    OTHER = "made otherwise than now"
    CHANGED = "changed"
    MISSING = "missing"


#: With these a number is not proven.
BROKEN = (State.OTHER, State.CHANGED, State.MISSING)


@dataclass(frozen=True)
class Proof:
    """One file or folder, its state, and what is wrong with it in words."""

    path: str
    state: State
    why: str = ""

    @property
    def can_be_read(self) -> bool:
        """Whether it is there as it was written, by whatever."""
        return self.state in (State.OK, State.THERE, State.OTHER)


@dataclass
class Link:
    """One link of a chain.

    Attributes
    ----------
    name : str
    says : list of str
        What it is, a line each.
    proofs : list of Proof
    """

    name: str
    says: list[str] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)

    @property
    def state(self) -> State:
        """The worst of its files."""
        return worst(proof.state for proof in self.proofs)

    def plain(self) -> dict:
        """Return it as plain values."""
        proofs = [vars(proof) | {"state": str(proof.state)} for proof in self.proofs]
        return {"link": self.name, "state": str(self.state), "says": self.says, "files": proofs}


def worst(states: Iterable[State]) -> State:
    """Return the worst of some states.

    Examples
    --------
    >>> str(worst([State.OK, State.MISSING, State.GONE]))
    'missing'
    """
    order = list(State)
    return max(states, key=order.index, default=State.OK)


def proof_of(
    results: Path, path: str, differing: Sequence[str] | None = (), kept: bool = True
) -> Proof:
    """Return the proof that a file of a run gives.

    Parameters
    ----------
    results : Path
        The run's folder.
    path : str
    differing : sequence of str or None
        What of its job is not as now; None where nothing is known of it.
    kept : bool
        Whether it stays when it has been read.
    """
    if not Path(path).exists():
        return Proof(path, State.MISSING if kept else State.GONE)
    if why := complaint_of(results, Path(path)):
        return Proof(path, State.CHANGED, why)
    if differing:
        return Proof(path, State.OTHER, f"another {' and '.join(differing)}")
    return Proof(path, State.OK if is_covered(results, Path(path)) else State.THERE)
