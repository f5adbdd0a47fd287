"""No file that is read is unpickled: pickles that would leave a trace are put in each place."""

import ast
import io
import pickle
from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
import yaml

from fuzz.readers import READERS, ends_well, models, read_model
from mimii_bench.features.store import FeatureStore
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.util import documents
from mimii_bench.util.errors import UserError
from samples import ROOT

#: What runs code that a file holds; `yaml.load` is asked which loader it uses.
RUNNING_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
RUNNING_CALLS = {
    *("torch.load", "np.load", "numpy.load", "pd.read_pickle", "pandas.read_pickle"),
    *("eval", "exec", "yaml.unsafe_load", "yaml.full_load", "torch.hub.load"),
}
SOURCES = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("workflow/scripts/*.py")])


class Payload:
    """What creates a file when it is unpickled."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


def saved_by_torch(payload):
    file = io.BytesIO()
    torch.save({"network.weight": payload}, file)
    return file.getvalue()


def saved_by_numpy(payload):
    file = io.BytesIO()
    np.save(file, np.array([payload], object), allow_pickle=True)
    return file.getvalue()


def saved_as_npz(payload):
    file = io.BytesIO()
    np.savez(file, vectors=np.array([payload], object))
    return file.getvalue()


FORMS = {
    "pickle 0": lambda payload: pickle.dumps(payload, 0),
    "pickle 2": lambda payload: pickle.dumps(payload, 2),
    "pickle 5": lambda payload: pickle.dumps(payload, 5),
    "torch": saved_by_torch,
    "npy": saved_by_numpy,
    "npz": saved_as_npz,
    "yaml": lambda payload: f"!!python/object/apply:os.mkdir ['{payload.trace}']".encode(),
}


@pytest.fixture
def trace(tmp_path):
    return tmp_path / "trace"


@pytest.fixture(params=FORMS)
def planted(request, trace):
    return FORMS[request.param](Payload(trace))


@pytest.mark.parametrize(
    ("form", "load"),
    [
        ("pickle 0", pickle.loads),
        ("pickle 5", pickle.loads),
        ("torch", lambda data: torch.load(io.BytesIO(data), weights_only=False)),
        ("npy", lambda data: np.load(io.BytesIO(data), allow_pickle=True)),
        ("npz", lambda data: np.load(io.BytesIO(data), allow_pickle=True)["vectors"]),
        ("yaml", yaml.unsafe_load),
    ],
)
def test_what_is_planted_works_where_it_is_unpickled(trace, form, load):
    load(FORMS[form](Payload(trace)))
    assert trace.exists()


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_unpickles(reader, planted, trace):
    """Alone, and at the end of what is valid else."""
    for data in (planted, READERS[reader].examples()[0] + planted):
        ends_well(reader, data)
        assert not trace.exists()


@pytest.mark.parametrize("place", range(4))
def test_no_file_of_a_model_is_unpickled(place, planted, trace):
    """The weights and the description, of a system of vectors and of one with a network."""
    assert len(models()) == 2
    with pytest.raises(UserError, match=r"weights|description"):
        read_model(bytes([place]) + planted)
    assert not trace.exists()


def test_a_checkpoint_is_not_unpickled(tmp_path, planted, trace):
    (tmp_path / "a.checkpoint").write_bytes(planted)
    frames = np.random.default_rng(0).normal(size=(4, 6, 5)).astype(np.float32)
    system = DenseAutoencoder(hidden=[2], epochs=1, batch_size=8)
    system.go_on_from(tmp_path / "a.checkpoint", seconds=0)
    system.fit(frames)
    assert not trace.exists()


def test_a_store_is_not_unpickled(tmp_path, planted, trace):
    (tmp_path / "a.h5").write_bytes(planted)
    with pytest.raises(UserError, match=r"a\.h5"):
        FeatureStore(tmp_path / "a.h5")
    assert not trace.exists()


@pytest.mark.parametrize("place", ["x", "clip", "parameters", "feature"])
def test_nor_is_what_stands_in_a_store(tmp_path, place, planted, trace):
    opaque = np.void(planted)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"], file["clip"] = np.zeros((1, 2, 3), np.float32), ["normal/0"]
        file.attrs.update({"sample_rate": 8, "parameters": "{}", "feature": "Samples"})
        if place in file.attrs:
            file.attrs[place] = opaque
        else:
            del file[place]
            file[place] = [opaque]
    # Whether it is refused is for the store's own tests.
    with suppress(Exception), FeatureStore(tmp_path / "a.h5") as store:
        store.read("normal/0")
    assert not trace.exists()


def running(tree):
    """Names of what runs the code that a file holds, in a source."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {(node.module or "").split(".")[0]}
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            yield from {name} & RUNNING_CALLS
            names = set()
        else:
            continue
        yield from names & RUNNING_MODULES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_imports_or_calls_what_unpickles(path):
    assert list(running(ast.parse(path.read_text()))) == []


@pytest.mark.parametrize(
    "text", ["import pickle", "from joblib import load", "torch.load('x')", "def f():\n eval('1')"]
)
def test_what_does_is_seen(text):
    assert list(running(ast.parse(text)))


def test_yaml_is_loaded_by_a_safe_loader():
    assert issubclass(documents._Loader, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
