"""Shell completion: the scripts, and what they are answered."""

import os
import subprocess
import sys

import pytest

RUN = "from mimii_bench.cli.main import main; main()"


def run(*arguments, **environment):
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("shell", "part"),
    [("bash", "complete -o nosort -F"), ("zsh", "#compdef mimii-bench"), ("fish", "complete --")],
)
def test_the_script_of_a_shell(shell, part):
    printed = run("completion", shell)
    assert part in printed
    assert "_MIMII_BENCH_COMPLETE" in printed


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("mimii-bench sys", "systems"), ("mimii-bench systems knn_mean_", "knn_mean_max")],
)
def test_what_is_offered(typed, offered):
    words = str(len(typed.split()) - 1)
    printed = run(_MIMII_BENCH_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=words)
    assert printed.splitlines() == [f"plain,{offered}"]
