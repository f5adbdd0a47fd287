"""A throwaway Slurm on loopback: a controller and nodes that are daemons on this machine.

Its configuration, keys, logs and sockets lie in a folder of their own and its ports are free
ones, so that it meets no other Slurm. There is no accounting database and no systemd, and nothing
of it is left when it has been stopped.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

#: Seconds after which a daemon that does not answer never will.
PATIENCE = 60

_CONFIGURATION = """\
ClusterName=throwaway
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
SwitchType=switch/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000,sched_interval=1,bf_interval=1
# What a job holds is added up every second, and one that holds more than it asked for is killed, as
# control groups do where a machine lets a Slurm have them.
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill,UsePss
AccountingStorageType=accounting_storage/none
MinJobAge=600
KillWait={kill_wait}
OverTimeLimit=0
SlurmdTimeout=6
SlurmctldTimeout=6
ReturnToService=2
InactiveLimit=0
SlurmdParameters=config_overrides
PropagateResourceLimits=NONE
{nodes}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE DefMemPerNode={default_memory} State=UP
"""


def missing() -> list[str]:
    """Return the programs that a throwaway Slurm needs and that are not installed."""
    needed = ("munged", "mungekey", "slurmctld", "slurmd", "sbatch", "srun", "scontrol")
    return [name for name in needed if shutil.which(name, path=_search_path()) is None]


def _search_path() -> str:
    return f"{os.environ['PATH']}:/usr/sbin"


class Slurm:
    """A running one.

    Parameters
    ----------
    folder : Path
        Of all its files; made.
    nodes, cpus, memory : int
        How many nodes, the CPUs of each (declared, whatever the machine has) and its MB.
    kill_wait : int
        Seconds between the signal that a job's time is up and its end.
    default_memory : int
        MB of a job that says nothing of it.
    """

    def __init__(
        self,
        folder: Path,
        nodes: int = 2,
        cpus: int = 2,
        memory: int = 16_000,
        kill_wait: int = 10,
        default_memory: int = 500,
    ):
        self.folder = folder
        self._names = [f"n{number}" for number in range(1, nodes + 1)]
        self._daemons: dict[str, subprocess.Popen] = {}
        for part in ("", "state", *(f"spool.{name}" for name in self._names)):
            (folder / part).mkdir(mode=0o755, parents=True, exist_ok=True)
        host = socket.gethostname().split(".")[0]
        controller, *ports = _free_ports(nodes + 1)
        (folder / "slurm.conf").write_text(
            _CONFIGURATION.format(
                folder=folder,
                host=host,
                controller_port=controller,
                kill_wait=kill_wait,
                default_memory=default_memory,
                nodes="\n".join(
                    f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} "
                    f"CPUs={cpus} RealMemory={memory} State=UNKNOWN"
                    for name, port in zip(self._names, ports, strict=True)
                ),
            )
        )

        self._wrap_srun()

    def _wrap_srun(self) -> None:
        """Write an srun that knows this Slurm: the plugin starts it without Slurm's variables."""
        found = shutil.which("srun", path=_search_path())
        own = self.folder / "bin/srun"
        own.parent.mkdir()
        own.write_text(f'#!/bin/sh\nSLURM_CONF={self.folder}/slurm.conf exec {found} "$@"\n')
        own.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to speak to this Slurm and to no other."""
        path = f"{self.folder}/bin:{_search_path()}"
        return {"SLURM_CONF": str(self.folder / "slurm.conf"), "PATH": path}

    def start(self) -> None:
        """Start all daemons, and wait until the nodes may be used."""
        key = self.folder / "munge.key"
        subprocess.run(["mungekey", "--create", f"--keyfile={key}"], check=True, env=self._all())
        self._start(
            *("munged", "--foreground", "--force", f"--key-file={key}", "--num-threads=2"),
            f"--socket={self.folder}/munge.socket",
            f"--pid-file={self.folder}/munged.pid",
            f"--log-file={self.folder}/munged.log",
            f"--seed-file={self.folder}/munged.seed",
        )
        _wait_for((self.folder / "munge.socket").exists, "munged has no socket")
        self._start("slurmctld", "-D", "-c")
        for name in self._names:
            self.start_node(name)
        _wait_for(lambda: self.states() == {"idle": len(self._names)}, "the nodes are not idle")

    def start_node(self, name: str) -> None:
        """Start the daemon of a node."""
        self._start("slurmd", "-D", "-N", name, named=name)

    def kill_node(self, name: str) -> None:
        """End a node and all that runs on it at once, as a power cut does."""
        steps = self.processes_on(name)
        self._daemons.pop(name).kill()
        for pid in steps:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def processes_on(self, name: str) -> list[int]:
        """Return the processes of the jobs of a node."""
        return [
            int(process.name)
            for process in Path("/proc").iterdir()
            if process.name.isdigit() and self._is_on(process, name)
        ]

    def _is_on(self, process: Path, name: str) -> bool:
        with suppress(OSError):
            said = (process / "environ").read_bytes().split(b"\0")
            own = f"SLURM_CONF={self.folder / 'slurm.conf'}".encode()
            return own in said and f"SLURMD_NODENAME={name}".encode() in said
        return False

    def states(self) -> dict[str, int]:
        """Return how many nodes are in each state."""
        found: dict[str, int] = {}
        for line in self.told("sinfo", "-N", "-h", "-o", "%T").split():
            found[line] = found.get(line, 0) + 1
        return found

    def jobs(self, state: str = "running") -> list[str]:
        """Return the numbers of the jobs in a state."""
        return self.told("squeue", "-h", "-o", "%i", f"--states={state}").split()

    def ended(self) -> list[str]:
        """Return how each job of which it still knows ended, one word for each."""
        told = self.told("squeue", "-h", "-o", "%T", "--states=all").split()
        return [state for state in told if state not in ("PENDING", "RUNNING", "COMPLETING")]

    def told(self, *command: str) -> str:
        """Return what one of its programs says; nothing where it cannot be asked."""
        done = subprocess.run(command, env=self._all(), capture_output=True, text=True)
        return done.stdout

    def stop(self) -> None:
        """End all jobs and all daemons."""
        for name in self._names:
            if name in self._daemons:
                self.kill_node(name)
        for daemon in reversed(self._daemons.values()):
            daemon.terminate()
            with suppress(subprocess.TimeoutExpired):
                daemon.wait(10)
            daemon.kill()
            daemon.wait()

    def _all(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def _start(self, program: str, *arguments: str, named: str = "") -> None:
        with (self.folder / f"{named or program}.out").open("a") as out:
            self._daemons[named or program] = subprocess.Popen(
                [program, *arguments],
                env=self._all(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _wait_for(there: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE
    while not there():
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(0.2)
