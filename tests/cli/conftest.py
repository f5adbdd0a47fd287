"""The command as people have it: a wheel that is built here, installed, and run elsewhere."""

import os
import site
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from samples import ROOT


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> Path:
    """The path of `mimii-bench`, installed from a wheel into an environment of its own.

    What the library needs is that of the environment which runs the tests; workers share one.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if worker else base) / "installed"
    with FileLock(f"{folder}.lock"):
        if not (folder / "ready").exists():
            _install(folder)
            (folder / "ready").touch()
    return folder / "env/bin/mimii-bench"


def _install(folder: Path) -> None:
    env = folder / "env"
    _run(sys.executable, "-m", "venv", "--without-pip", env)
    inside = env / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    shared = [path for path in sys.path if Path(path).name == "site-packages"]
    (inside / "shared.pth").write_text("\n".join([*site.getsitepackages(), *shared]))
    # The isolated build would fetch the backend, which is here.
    pip = [sys.executable, "-m", "pip"]
    _run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    _run(*pip, "--python", env / "bin/python", "install", "--no-deps", wheel)


def _run(*command) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def bench(installed, tmp_path):
    """Run the installed command in an empty folder, with no path to this checkout."""

    def run(*arguments, status=0, cwd=tmp_path, **options) -> subprocess.CompletedProcess:
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(
            [installed, *map(str, arguments)],
            cwd=cwd,
            env={**environment, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
        assert done.returncode == status, done.stderr
        return done

    return run
