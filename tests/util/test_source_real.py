"""Nothing runs that the digest of a job does not hold.

Small jobs are run and watched: every function of our package that Python calls must be among those
that are reached from the job's script and from what a report names for it.
"""

import ast
import runpy
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.util.definitions import read
from mimii_bench.util.source import Package, digest, reached
from samples import ROOT, noise
from systems.sounds import hums

SOURCE = ROOT / "src"
PACKAGE = SOURCE / "mimii_bench"

FIT = """
from mimii_bench.util import plugins

system = plugins.load("systems", NAME)(**OPTIONS)
system.fit(*INPUTS)
system.save(*FILES)
"""
SCORE = """
from mimii_bench.util import plugins

system = plugins.load("systems", NAME).load(*FILES)
system.score(CLIPS)
"""
STORE = """
from pathlib import Path

from mimii_bench.features.build import build_feature
from mimii_bench.features.store import FeatureStore, build_store

build_store(build_feature({"class": NAME, **OPTIONS}), AUDIO, PATH)
with FeatureStore(PATH) as store:
    [store.read(clip) for clip in store.rows]
"""
AUDIT = """
from pathlib import Path

from mimii_bench.audit import audit, write_audit

write_audit(audit(REPORTS), PATH)
"""

PAIR = hums(6, 10), hums(6, 5)
LABELS = np.array(["normal", "abnormal"] * 3)
IDS = np.array(["00", "02"] * 3)
SPECTRA = np.exp(1j * hums(6, 10)).astype(np.complex64)
DENSE = {"hidden": [8, 3, 8], "epochs": 2, "batch_size": 64}
SEGMENTS = {"frames": 32, "epochs": 1, "batch_size": 6}
#: Options and training data of each system.
SYSTEMS = {
    "classical.NearestNeighbours": ({}, PAIR[:1]),
    "classical.GaussianMixture": ({"components": 2}, PAIR[:1]),
    "classical.IsolationForest": ({"trees": 5}, PAIR[:1]),
    "classical.OneClassSvm": ({}, PAIR[:1]),
    "cnn_lstm.CnnLstm": (
        {"channels": [4, 6, 6], "cells": 8, "batch_size": 16, "epochs": 1},
        (hums(6, 10, bins=16), LABELS),
    ),
    "dcase_autoencoder.DcaseAutoencoder": (DENSE, PAIR[:1]),
    "denoising_autoencoder.DenoisingAutoencoder": (DENSE, PAIR[:1]),
    "dense_autoencoder.DenseAutoencoder": (DENSE, PAIR[:1]),
    "two_microphone_autoencoder.TwoMicrophoneAutoencoder": (
        DENSE | {"hidden": [16, 3], "drop_every": 1},
        PAIR,
    ),
    "variational_autoencoder.VariationalAutoencoder": (
        DENSE | {"hidden": [8, 8], "latent": 2, "validation_fraction": 0.2},
        PAIR[:1],
    ),
    "id_classifier.IdClassifier": (
        SEGMENTS | {"network": "complex_deep_attention", "mixtures": True},
        (SPECTRA, IDS),
    ),
}
FEATURES = {
    "logmel.LogMel": {"n_mels": 16},
    "samples.Samples": {},
    "spectrum.ComplexStft": {},
    "spectrum.Magnitude": {},
}


def roots(room, name):
    """What a report names as `module.Class` of a room, as a root of a digest."""
    module, _, own = name.partition(".")
    return [f"mimii_bench.{room}.{module}:{own}"]


def called(script, variables):
    """Run a script and return the functions of the package that it calls, as (file, name)."""
    found = set()

    def watch(frame, event, argument):
        code = frame.f_code
        if event == "call" and code not in found and is_ours(code) and not is_importing(frame):
            found.add(code)

    sys.setprofile(watch)
    try:
        runpy.run_path(str(script), variables)
    finally:
        sys.setprofile(None)
    return {(Path(code.co_filename), code.co_qualname.split(".<locals>")[0]) for code in found}


def is_ours(code):
    return code.co_filename.startswith(str(PACKAGE))


def is_importing(frame):
    """Tell whether it is run because a module of the package is, which happens once."""
    while frame and not (frame.f_code.co_name == "<module>" and is_ours(frame.f_code)):
        frame = frame.f_back
    return bool(frame)


def definition(path, name):
    """The definition that a function belongs to, as `reached` calls it."""
    own, *rest = name.split(".")
    methods = {
        method
        for one in read(path).definitions[own]
        for method in one.methods
        if rest[:1] == [method]
    }
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    return f"{module}:{'.'.join([own, *methods])}"


def unreached(folder, script, *roots, **variables):
    """The functions that a script calls although they are not reached; also tells how many are."""
    path = folder / f"script_{len(list(folder.glob('script_*')))}.py"
    path.write_text(script)
    known = reached(*roots, script=path)
    # A lambda, which has no name of its own, is left out where it stands in no function.
    calls = {(file, name) for file, name in called(path, variables) if not name.startswith("<")}
    ran = {definition(file, name) for file, name in calls}
    assert ran
    return sorted(ran - set(known))


@pytest.mark.parametrize("name", SYSTEMS)
def test_all_that_training_and_scoring_call_is_reached(tmp_path, name):
    options, inputs = SYSTEMS[name]
    files = tmp_path / "model.safetensors", tmp_path / "model.json"
    job = {"NAME": name, "OPTIONS": options, "INPUTS": inputs, "FILES": files}
    assert unreached(tmp_path, FIT, *roots("systems", name), **job) == []
    clips = list(zip(*inputs, strict=True))
    if inputs[-1] is LABELS:
        clips = [clip[:-1] for clip in clips]
    assert unreached(tmp_path, SCORE, *roots("systems", name), CLIPS=clips, **job) == []


def test_what_is_called_although_it_is_not_reached_is_found(tmp_path):
    """The watch itself: no text holds the name of the method."""
    script = FIT + 'getattr(system, "sco" + "re")([(INPUTS[0][0],)])'
    name = "classical.NearestNeighbours"
    job = {"NAME": name, "OPTIONS": {}, "INPUTS": PAIR[:1]}
    job["FILES"] = tmp_path / "model.safetensors", tmp_path / "model.json"
    found = unreached(tmp_path, script, *roots("systems", name), **job)
    assert found == ["mimii_bench.systems.classical:PooledSystem.score"]


BROKEN = ("systems/dense_autoencoder.py", "systems/learning/network.py", "util/atomic.py")


def functions(path):
    """Functions and methods of a file: first line of the body, indentation, name in `reached`."""
    tree = ast.parse(path.read_text())
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for node in [*tree.body, *(one for found in classes for one in found.body)]:
        if isinstance(node, ast.FunctionDef):
            owner = next((f"{one.name}." for one in classes if node in one.body), "")
            yield node.body[0].lineno, node.body[0].col_offset, definition(path, owner + node.name)


def test_each_function_that_is_broken_changes_the_digests_that_reach_it(tmp_path):
    root = tmp_path / "mimii_bench"
    shutil.copytree(PACKAGE, root, ignore=shutil.ignore_patterns("*.pyc"))
    script = tmp_path / "script.py"
    script.write_text(FIT)
    job = roots("systems", "dense_autoencoder.DenseAutoencoder")
    before, known = digest(*job, script=script), reached(*job, script=script)
    outcomes = []
    for name in BROKEN:
        lines = (PACKAGE / name).read_text().splitlines()
        for line, column, label in functions(PACKAGE / name):
            broken = [*lines[: line - 1], " " * column + "raise OSError", *lines[line - 1 :]]
            (root / name).write_text("\n".join(broken))
            changed = Package(root, "mimii_bench").digest(*job, script=script) != before
            outcomes.append(changed)
            assert changed == (label in known), label
        (root / name).write_text("\n".join(lines))
    assert {True, False} == set(outcomes)


def test_training_does_not_reach_what_only_scores():
    """Of a system as it is, with the script above."""
    found = reached(*roots("systems", "dense_autoencoder.DenseAutoencoder"))
    assert "mimii_bench.systems.learning.network:Autoencoder" in found
    assert "mimii_bench.systems.learning.network:Autoencoder.score" not in found


@pytest.mark.parametrize("name", FEATURES)
def test_all_that_makes_a_feature_store_is_reached(tmp_path, name):
    for label in ("normal", "abnormal"):
        (tmp_path / label).mkdir()
        samples = noise(channels=1)[:, 0].astype("f4") / 32768
        write_float(tmp_path / label / "00000000.wav", samples, 16_000)
    job = {"NAME": name, "OPTIONS": FEATURES[name], "AUDIO": tmp_path, "PATH": tmp_path / "x.h5"}
    assert unreached(tmp_path, STORE, *roots("features", name), **job) == []


def test_all_that_audits_the_published_tables_is_reached(tmp_path):
    job = {"REPORTS": ROOT / "reports", "PATH": tmp_path / "audit.csv"}
    assert unreached(tmp_path, AUDIT, **job) == []
