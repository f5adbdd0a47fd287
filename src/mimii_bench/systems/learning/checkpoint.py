"""Checkpoints: a training that is killed goes on after its last one, to the same model.

Snakemake deletes the declared outputs of a job that is interrupted, so a checkpoint is none of
them. It stands beside them, under a name that holds the job's fingerprint: another job, or the
same one after a change, does not take it up.
"""

import hashlib
import json
import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol, Self

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from mimii_bench.util import stopping
from mimii_bench.util.atomic import replacing

_LOG = logging.getLogger(__name__)


class Optimiser(Protocol):
    """What a checkpoint asks of an optimiser."""

    steps: int

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return all that it remembers, as tensors that may be written to."""


class State(NamedTuple):
    """All that changes in a training: the same state goes on in the same way."""

    network: torch.nn.Module
    optimiser: Optimiser
    generator: torch.Generator


class Begun(NamedTuple):
    """How far an epoch is that has begun.

    Attributes
    ----------
    drawn : tensor
        The state of the generator from which the order of its batches was drawn.
    batches, examples : int
        That it has seen.
    loss : tensor
        The sum over these examples, on their device.
    """

    drawn: torch.Tensor
    batches: int = 0
    examples: int = 0
    loss: torch.Tensor = torch.zeros((), dtype=torch.float64)

    def after(self, loss: torch.Tensor, examples: int) -> Self:
        """Return it after one more batch with a summed loss."""
        return self._replace(
            batches=self.batches + 1, examples=self.examples + examples, loss=self.loss + loss
        )

    @property
    def mean(self) -> float:
        """The mean loss of the examples."""
        return float(self.loss) / self.examples


class Checkpoint:
    """One file that holds the last state kept.

    Parameters
    ----------
    path : path
        Its file; see `mimii_bench.training.interruption`.
    seconds : float
        A state is kept when so much time has passed since the last one, the last state where the
        training took so long: a short training keeps none.
    """

    def __init__(self, path: Path | str, seconds: float):
        self.path, self._seconds = Path(path), seconds
        self._begun = self._kept = time.monotonic()

    def of_part(self, name: str) -> "Checkpoint":
        """Return the checkpoint of one of several networks that are trained in turn."""
        return Checkpoint(self.path.with_name(f"{self.path.name}.{name}"), self._seconds)

    def keep(self, state: State, history: list[tuple]) -> None:
        """Write the state after the epochs of `history`, if it is time to."""
        if time.monotonic() - self._kept >= self._seconds:
            self._write(state, history)

    def keep_last(self, state: State, history: list[tuple]) -> None:
        """Write the state in which a training ended, so that it need not be repeated."""
        if time.monotonic() - self._begun >= self._seconds:
            self._write(state, history)

    def end_if_told(self, state: State, history: list[tuple], begun: Begun) -> None:
        """Write the state within an epoch if this process was told to end, and have it end.

        Raises
        ------
        UserError
            Then, in the words of `stopping.end_if_told`.
        """
        if stopping.is_told():
            self._write(state, history, begun)
            stopping.end_if_told()

    def _write(self, state: State, history: list[tuple], begun: Begun | None = None) -> None:
        tensors = {name: t.cpu().contiguous() for name, t in _tensors(state).items()}
        facts = {"steps": str(state.optimiser.steps), "history": json.dumps(history)}
        if begun:
            tensors |= {"begun.drawn": begun.drawn, "begun.loss": begun.loss.cpu()}
            facts["begun"] = json.dumps([begun.batches, begun.examples])
        facts["sha256"] = _checksum(tensors, facts)
        with replacing(self.path) as part:
            part.write_bytes(save(tensors, facts))
        self._kept = time.monotonic()

    def resume(self, state: State) -> tuple[list[list], Begun | None]:
        """Bring `state` to where the file left it.

        A damaged file is as good as none, which a warning says.

        Returns
        -------
        list, Begun or None
            The history, empty without a file; and the epoch that had begun, if one had.
        """
        if not self.path.exists():
            return [], None
        try:
            found, facts = _read(self.path)
            begun = _begun(found, facts)
            _check_like(found, _tensors(state))
        except (OSError, SafetensorError, ValueError) as error:
            _LOG.warning("%s: a damaged checkpoint is not used (%s)", self.path, error)
            return [], None
        state.generator.set_state(found.pop("generator"))
        with torch.no_grad():
            for name, tensor in _tensors(state).items():
                if name != "generator":
                    tensor.copy_(found[name])
        state.optimiser.steps = int(facts["steps"])
        return json.loads(facts["history"]), begun


def _begun(found: dict[str, torch.Tensor], facts: Mapping[str, str]) -> Begun | None:
    """Take the epoch that had begun out of what was read."""
    if "begun" not in facts:
        return None
    drawn, loss = found.pop("begun.drawn"), found.pop("begun.loss")
    return Begun(drawn, *json.loads(facts["begun"]), loss)


def _read(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    """Return what was written; raises ValueError where it is anything else."""
    with safe_open(path, "pt") as file:
        found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        facts = file.metadata() or {}
    if facts.pop("sha256", None) != _checksum(found, facts):
        raise ValueError("its checksum is another one")
    return found, facts


def _checksum(tensors: Mapping[str, torch.Tensor], facts: Mapping[str, str]) -> str:
    """Return the SHA-256 of all that a checkpoint holds."""
    found = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        found.update(json.dumps([name, str(tensor.dtype), list(tensor.shape)]).encode())
        found.update(tensor.contiguous().flatten().view(torch.uint8).numpy().data)
    return found.hexdigest()


def _check_like(found: Mapping[str, torch.Tensor], wanted: Mapping[str, torch.Tensor]) -> None:
    """Raise ValueError unless these are tensors of the names and shapes wanted."""
    shapes, others = ({k: t.shape for k, t in of.items()} for of in (found, wanted))
    if shapes != others:
        raise ValueError("it is of another network")


def _tensors(state: State) -> dict[str, torch.Tensor]:
    network = {f"network.{name}": t for name, t in state.network.state_dict().items()}
    return {**network, **state.optimiser.tensors(), "generator": state.generator.get_state()}
