# Two commands. All else is plain snakemake and pytest from .venv/bin.

PYTHON ?= python3
CORES ?= $(shell nproc)

.PHONY: tables test

# The main job on the simulated recordings.
tables: .venv/ready
	.venv/bin/snakemake --cores $(CORES)

test: .venv/ready
	.venv/bin/pytest

.venv/ready: requirements.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
	touch $@
