"""One process for each GPU: a job takes one that no other job on this machine has taken.

A queue shows a job its GPU alone. Where there is no queue, jobs side by side all see all of them,
and would all compute on the first.
"""

import fcntl
import os
import tempfile
from pathlib import Path

#: Where the driver of NVIDIA lists the devices of a machine.
_LISTED = Path("/proc/driver/nvidia/gpus")
#: What CUDA reads when it is first used.
VISIBLE = "CUDA_VISIBLE_DEVICES"
#: Held open: a lock goes with the process, however that ends.
_held: list[int] = []


def take_one(device: str) -> None:
    """Show CUDA one GPU of this machine alone, until this process ends.

    Nothing is done where a certain one or the processor is configured, where one is seen at most,
    and where all are taken.

    Parameters
    ----------
    device : str
        As configured: auto, cpu, cuda or cuda:N.
    """
    seen = _seen() if device in ("auto", "cuda") else []
    if len(seen) < 2:
        return
    for one in seen:
        if _lock(one):
            os.environ[VISIBLE] = one
            return


def _seen() -> list[str]:
    """Return the GPUs that this process may use, as CUDA names them."""
    if (given := os.environ.get(VISIBLE)) is not None:
        return [one for one in given.split(",") if one]
    count = len(list(_LISTED.iterdir())) if _LISTED.is_dir() else 0
    return [str(number) for number in range(count)]


def _lock(device: str) -> bool:
    """Take the lock of a GPU; tell whether nobody had it."""
    path = Path(tempfile.gettempdir(), f"mimii-bench.{os.getuid()}.gpu.{device}.lock")
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return False
    _held.append(file)
    return True
