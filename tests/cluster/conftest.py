"""One throwaway Slurm for all tests here, and projects that run on it."""

import os
import shlex
import subprocess
import sys

import pytest

from cluster.throwaway import Slurm, missing
from told_commands import Step, told
from workflow.conftest import Project, finished, project_class

__all__ = ["finished", "project_class"]

#: Seconds between two looks at the queue: a site wants more, a test waits for each.
LOOKS = "2"


@pytest.fixture(scope="session")
def slurm(tmp_path_factory):
    """A Slurm of two nodes."""
    if lacking := missing():
        pytest.skip(f"needs {', '.join(lacking)}: apt-get install slurm-wlm munge")
    if os.geteuid():
        pytest.skip("needs root: Slurm's daemons are its own")
    cluster = Slurm(tmp_path_factory.mktemp("slurm"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


class ClusterProject(Project):
    """A copy of the project whose runs go to a Slurm, by the profile as it is."""

    slurm: Slurm
    #: On a machine that is busy, the engine's starts take longer than the work.
    timeout = 3600

    @property
    def environment(self):
        return {**super().environment, **self.slurm.environment}

    def command(self, *arguments, cores=2):
        """Return the command of docs/cluster.md, with another time between looks at the queue."""
        commands = {step.command for step in told("docs/cluster.md") if isinstance(step, Step)}
        (command,) = commands
        return [
            *(sys.executable, "-m", *shlex.split(command)),
            *("--slurm-init-seconds-before-status-checks", LOOKS),
            *arguments,
            *("--configfile", self.config),
        ]

    def start(self, *arguments) -> subprocess.Popen:
        """Start a run whose words go to run.log."""
        with (self.folder / "run.log").open("a") as log:
            return subprocess.Popen(
                self.command(*arguments),
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        """Return what runs that were started have said."""
        return (self.folder / "run.log").read_text()


@pytest.fixture
def on_cluster(slurm):
    """A function that makes a project, on the Slurm, of a folder and a configuration."""

    def make(folder, config="config/tiny.yaml"):
        project = ClusterProject.fresh(folder, config)
        project.slurm = slurm
        return project

    return make
