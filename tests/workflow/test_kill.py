"""Runs that are killed at random moments: plain reruns end in the same bytes, without a hand."""

import contextlib
import random
import re
import signal
import subprocess
import time
from collections import Counter

import psutil
import pytest

KILLS = 12


def family_of(process: subprocess.Popen) -> list[psutil.Process]:
    """Return a process and all that descend from it."""
    with contextlib.suppress(psutil.NoSuchProcess):
        run = psutil.Process(process.pid)
        return [run, *run.children(recursive=True)]
    return []


def kill_all(family) -> None:
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()


def kill_tree(process: subprocess.Popen) -> None:
    """Send SIGKILL to a process and to all that descend from it, as a power cut would."""
    kill_all(family_of(process))
    process.wait()


def kill_alone(process: subprocess.Popen) -> None:
    """Kill Snakemake; its jobs go on for a moment, while the next run starts."""
    process.kill()
    process.wait()


def kill_alone_and_wait(process: subprocess.Popen) -> None:
    """Kill Snakemake, and start the next run when its jobs have ended."""
    family = family_of(process)
    kill_alone(process)
    psutil.wait_procs(family, timeout=60)


def kill_a_job(process: subprocess.Popen, among: random.Random) -> None:
    """Kill what runs a job, as the kernel does when memory ends; Snakemake says so and ends."""
    jobs = family_of(process)[1:]
    kill_all([among.choice(jobs)] if jobs else [])
    process.wait(timeout=120)


def interrupt(process: subprocess.Popen) -> None:
    """Press Ctrl-C, which every process of a terminal hears."""
    for member in family_of(process):
        with contextlib.suppress(psutil.NoSuchProcess):
            member.send_signal(signal.SIGINT)
    process.wait(timeout=120)


def terminate(process: subprocess.Popen) -> None:
    """Ask Snakemake to end, as a shutdown does."""
    process.terminate()
    process.wait(timeout=120)


class Run:
    """A run that writes to a file, which never fills as a pipe does."""

    def __init__(self, project):
        self._log = project.folder / "run.log"
        with self._log.open("w") as file:
            self.process = subprocess.Popen(
                # Each job is listed, to count them.
                project.command("--verbose"),
                cwd=project.folder,
                env=project.environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def reaches(self, job: int) -> bool:
        """Wait until so many jobs were started or finished; tell whether it still runs then."""
        while self.process.poll() is None:
            if len(re.findall("Finished jobid|Execute [0-9]+ jobs", self.text())) >= job:
                return True
            time.sleep(0.05)
        assert self.process.returncode == 0, self.text()[-4000:]
        return False

    def text(self) -> str:
        return self._log.read_text()


@pytest.mark.fault
def test_killed_runs_end_in_the_same_bytes(finished, project_class, tmp_path):
    """Whatever is killed and whenever, the next plain run goes on; when one ends, all is made anew.

    So that there are so many kills, a run that comes to its end begins again from nothing.
    """
    chance = random.Random(0)
    ways = [kill_tree, kill_alone, kill_alone_and_wait, kill_a_job, interrupt, terminate]
    killed: Counter = Counter()
    project, number = project_class.fresh(tmp_path / "0"), 0
    while killed.total() < KILLS:
        run = Run(project)
        if not run.reaches(chance.randint(1, 5)):
            assert_finished(project, finished)
            number += 1
            project = project_class.fresh(tmp_path / str(number))
            continue
        time.sleep(chance.uniform(0, 1))
        way = ways[killed.total() % len(ways)]
        way(*([run.process, chance] if way is kill_a_job else [run.process]))
        killed[way.__name__] += 1
    project.run()
    assert_finished(project, finished)
    assert len(killed) == len(ways)


def assert_finished(project, finished) -> None:
    assert project.planned() == {}
    assert not list(project.folder.glob("results/**/*.part"))
    assert not list(project.folder.glob("results/**/*.checkpoint"))
    for path in ("all.csv", "claims.csv", "missing.csv"):
        assert project.read(f"results/tables/{path}") == finished.read(f"results/tables/{path}")
