# Two commands do all that most people need. All else is plain snakemake and pytest from .venv/bin.

PYTHON ?= python3
CORES ?= $(shell nproc)

.PHONY: tables test test-cluster bench

# The main job on the simulated recordings.
tables: .venv/ready
	.venv/bin/snakemake --cores $(CORES)

test: .venv/ready
	.venv/bin/pytest --numprocesses logical --dist loadfile

# On a throwaway Slurm on this machine, as root: apt-get install slurm-wlm munge
test-cluster: .venv/ready
	.venv/bin/pytest -m cluster

# Speed, against peers and limits: an hour or so on a quiet machine.
bench: .venv/ready
	.venv/bin/python benchmarks/bench.py --page docs/speed.md

# The locked packages, and the library from src/, so that an edit of it counts at once. Pip keeps
# to itself what nobody can act on, and leaves bytecode to all cores; packages' own tests, of which
# some are of a newer Python, need none.
.venv/ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/pip install -qq --disable-pip-version-check --no-compile --requirement requirements.txt
	.venv/bin/pip install -qq --disable-pip-version-check --no-deps --editable .
	.venv/bin/python -m compileall -qq -j 0 -x '/test(s|ing)?/' .venv/lib
	touch $@
