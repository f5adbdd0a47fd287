"""Nothing runs that the digest of a job does not hold.

Small jobs are run and watched: every function of our package that Python calls must be among those
that are reached from where the job starts and from what a report names for it.
"""

import ast
import shutil
import sys
from pathlib import Path

import pytest

from mimii_bench.audio.wav import write_float
from mimii_bench.audit import audit, write_audit
from mimii_bench.corpus.base import Unit
from mimii_bench.features.writing import build_store
from mimii_bench.splits.manifests import SplitRow, write_split
from mimii_bench.training import code
from mimii_bench.training.fitting import fit_all
from mimii_bench.training.job import Computing, Files, TrainingJob
from mimii_bench.training.scoring import score_again
from mimii_bench.util.definitions import read
from mimii_bench.util.source import Package, digest, reached
from samples import ROOT, noise

SOURCE = ROOT / "src"
PACKAGE = SOURCE / "mimii_bench"
FITTING = "mimii_bench.training.fitting:fit_all"

UNITS = [Unit("fan", "0dB", "00"), Unit("fan", "0dB", "02")]
#: Clips of each unit, and what they are for.
CLIPS = {
    "normal/0": "train",
    "normal/1": "train",
    "normal/2": "validation",
    "normal/3": "test",
    "abnormal/0": "train",
    "abnormal/1": "test",
}
LOGMEL = {"class": "logmel.LogMel", "n_mels": 16}
STFT = {"class": "spectrum.ComplexStft"}
SAMPLES = {"class": "samples.Samples"}

WINDOWS = {"hidden": [8, 3, 8], "epochs": 2, "batch_size": 64}
SEGMENTS = {"frames": 32, "epochs": 1, "batch_size": 6}
#: Options and features of a job, by its class.
JOBS = {
    "classical.NearestNeighbours": ({}, [LOGMEL]),
    "classical.GaussianMixture": ({"components": 1}, [LOGMEL]),
    "dcase_autoencoder.DcaseAutoencoder": (WINDOWS, [LOGMEL]),
    "denoising_autoencoder.DenoisingAutoencoder": (WINDOWS, [LOGMEL]),
    "dense_autoencoder.DenseAutoencoder": (WINDOWS, [LOGMEL]),
    "two_microphone_autoencoder.TwoMicrophoneAutoencoder": (
        WINDOWS | {"hidden": [16, 3]},
        [LOGMEL, LOGMEL],
    ),
    "id_classifier.IdClassifier": (SEGMENTS | {"mixtures": True}, [STFT]),
    "spectrogram_cnn.SpectrogramCnn": ({"epochs": 1, "batch_size": 4}, [LOGMEL]),
}


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """A folder of 2 s of noise for each clip of each unit."""
    folder = tmp_path_factory.mktemp("recordings")
    for number, (unit, clip) in enumerate((unit, clip) for unit in UNITS for clip in CLIPS):
        path = folder / unit.path / f"{clip}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        samples = noise(number, samples=32_000, channels=1)[:, 0].astype("f4") / 32768
        write_float(path, samples, 16_000)
    return folder


def files_of(recordings, folder, stored):
    """The manifest and the stores of a job, of one feature per input."""
    rows = [
        SplitRow(clip, *unit, clip.partition("/")[0], role)
        for unit in UNITS
        for clip, role in CLIPS.items()
    ]
    write_split(rows, folder / "split.csv")
    stores = [
        (feature, unit, folder / f"{number}/{unit.path}.h5")
        for number, feature in enumerate(stored)
        for unit in UNITS
    ]
    for feature, unit, path in stores:
        build_store(feature, recordings / unit.path, path)
    return Files({"fan": str(folder / "split.csv")}, [str(path) for *_, path in stores])


def job_of(name, options, features):
    return TrainingJob(
        protocol="report",
        system="system",
        path="fan/seed0",
        group="fan",
        class_name=name,
        options=options,
        roles=["train"],
        features=features,
        pools={"fan": [tuple(unit) for unit in UNITS]},
        numbers=[0],
        computing=Computing("cpu", 1),
        checkpoints=0,
    )


def called(work):
    """Do some work, and return the definitions of the package that are called in it."""
    found = set()

    def watch(frame, event, argument):
        known = frame.f_code in found
        if event == "call" and not known and is_ours(frame) and not is_aside(frame):
            found.add(frame.f_code)

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return {definition(Path(one.co_filename), one.co_qualname) for one in found} - {""}


def is_ours(frame):
    return frame.f_code.co_filename.startswith(str(PACKAGE))


def is_aside(frame):
    """Tell whether it is run by an import, which happens once, or to tell code from other code."""
    while frame:
        is_import = frame.f_code.co_name == "<module>" and is_ours(frame)
        if is_import or frame.f_code.co_filename == code.__file__:
            return True
        frame = frame.f_back
    return False


def definition(path, name):
    """The definition that a function belongs to, as `reached` calls it.

    Of a lambda, which has no name of its own, nothing is said where it stands in no function.
    """
    own, *rest = name.split(".<locals>")[0].split(".")
    classes = read(path).definitions.get(own, ())
    methods = {name for one in classes for name in one.methods if rest[:1] == [name]}
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    return "" if own.startswith("<") else f"{module}:{'.'.join([own, *methods])}"


def check_all_reached(known, work):
    ran = called(work)
    assert ran
    assert sorted(ran - set(known)) == []


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        *((name, "frames") for name in JOBS),
        ("dense_autoencoder.DenseAutoencoder", "samples"),
        ("id_classifier.IdClassifier", "samples"),
    ],
)
def test_all_that_a_training_job_calls_is_reached(tmp_path, monkeypatch, recordings, name, stored):
    monkeypatch.setattr(code, "digest", reached)
    options, features = JOBS[name]
    job = job_of(name, options, features)
    files = files_of(recordings, tmp_path, features if stored == "frames" else [SAMPLES])
    models, scores = tmp_path / "models", tmp_path / "scores"
    check_all_reached(code.fitting_code(job), lambda: list(fit_all(job, files, models, models)))
    check_all_reached(code.scoring_code(job), lambda: score_again(job, files, models, scores))
    assert len(list(scores.rglob("*.csv"))) >= 1


@pytest.mark.parametrize("name", JOBS)
def test_training_reaches_nothing_that_only_scores(monkeypatch, name):
    """But what is scored while a system is fitted, for its history."""
    monkeypatch.setattr(code, "digest", reached)
    found = code.fitting_code(job_of(name, *JOBS[name]))
    assert not [one for one in found if one.endswith(".score")]
    assert not [one for one in found if one.split(":")[0].endswith((".scoring", ".metrics"))]


@pytest.mark.parametrize(
    "description",
    [LOGMEL, STFT, SAMPLES, {"class": "spectrum.Magnitude"}, {"class": "ims.Ims"}],
    ids=lambda found: found["class"],
)
def test_all_that_makes_a_feature_store_is_reached(tmp_path, recordings, description):
    module, own = description["class"].split(".")
    known = reached(
        "mimii_bench.features.writing:build_store", f"mimii_bench.features.{module}:{own}"
    )
    audio = recordings / UNITS[0].path
    check_all_reached(known, lambda: build_store(description, audio, tmp_path / "x.h5"))


def test_all_that_audits_the_published_tables_is_reached(tmp_path):
    known = reached("mimii_bench.audit:audit", "mimii_bench.audit:write_audit")
    check_all_reached(known, lambda: write_audit(audit(ROOT / "reports"), tmp_path / "audit.csv"))


def test_what_is_called_although_it_is_not_reached_is_found(tmp_path, recordings):
    """The watch itself."""
    known = reached("mimii_bench.features.writing:build_store")
    audio = recordings / UNITS[0].path
    with pytest.raises(AssertionError, match=r"features\.logmel:LogMel"):
        check_all_reached(known, lambda: build_store(LOGMEL, audio, tmp_path / "x.h5"))


DENSE = "mimii_bench.systems.dense_autoencoder:DenseAutoencoder"
ASIDE = frozenset(["mimii_bench.training.scoring", "mimii_bench.training.code"])
#: Jobs, by where they start.
STARTS = {
    "train dense": (FITTING, DENSE),
    "score dense": ("mimii_bench.training.scoring:score_again", DENSE),
    "train forest": (FITTING, "mimii_bench.systems.classical:IsolationForest"),
    "feature": ("mimii_bench.features.writing:build_store", "mimii_bench.features.logmel:LogMel"),
    "tables": ("mimii_bench.reports.files:write", "mimii_bench.reports.reproduction:Reproduction"),
    "audit": ("mimii_bench.audit:audit",),
}


def started(package):
    """The digest of each job."""
    without = {name: ASIDE if name.startswith("train") else frozenset() for name in STARTS}
    return {name: package.digest(*STARTS[name], without=without[name]) for name in STARTS}


def functions(path):
    """Functions and methods of a file by name: where the body begins, and its indentation."""
    tree = ast.parse(path.read_text())
    owners = {"": tree, **{f"{one.name}.": one for one in tree.body if hasattr(one, "bases")}}
    return {
        owner + node.name: (node.body[0].lineno, node.body[0].col_offset)
        for owner, one in owners.items()
        for node in one.body
        if isinstance(node, ast.FunctionDef)
    }


def breaking(path, name):
    """The text of a file, one of whose functions raises."""
    lines = path.read_text().splitlines()
    line, column = functions(path)[name]
    return "\n".join([*lines[: line - 1], " " * column + "raise OSError", *lines[line - 1 :]])


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of our package."""
    root = tmp_path_factory.mktemp("copy") / "mimii_bench"
    return shutil.copytree(PACKAGE, root, ignore=shutil.ignore_patterns("*.pyc"))


@pytest.mark.parametrize(
    ("path", "name", "changed"),
    [
        ("systems/dense_autoencoder.py", "DenseAutoencoder._loss", {"train dense"}),
        ("systems/learning/autoencoder.py", "WindowSystem.score", {"score dense"}),
        ("systems/id_classifier.py", "IdClassifier._build", set()),
        ("systems/classical.py", "IsolationForest._estimator", {"train forest"}),
        ("evaluation/metrics.py", "auc", {"tables"}),
        ("evaluation/metrics.py", "Confusion.precision", {"tables"}),
        ("features/mel.py", "mel_filters", {"feature"}),
        ("audit/sums.py", "check", {"audit"}),
    ],
)
def test_a_function_that_is_broken_changes_the_jobs_that_run_it(copy, path, name, changed):
    before = started(Package(PACKAGE, "mimii_bench"))
    (copy / path).write_text(breaking(PACKAGE / path, name))
    after = started(Package(copy, "mimii_bench"))
    shutil.copy(PACKAGE / path, copy / path)
    assert {job for job in before if before[job] != after[job]} == changed


def test_comments_at_the_end_of_all_modules_change_nothing(tmp_path):
    root = shutil.copytree(PACKAGE, tmp_path / "mimii_bench")
    for path in root.rglob("*.py"):
        path.write_text(f"{path.read_text()}\n# Nothing.\n")
    assert started(Package(root, "mimii_bench")) == started(Package(PACKAGE, "mimii_bench"))


@pytest.mark.parametrize("path", ["systems/learning/autoencoder.py", "util/atomic.py"])
def test_each_function_that_is_broken_changes_the_digests_that_reach_it(copy, path):
    job = STARTS["train dense"]
    before, known = digest(*job, without=ASIDE), reached(*job, without=ASIDE)
    outcomes = set()
    for name in functions(PACKAGE / path):
        (copy / path).write_text(breaking(PACKAGE / path, name))
        changed = Package(copy, "mimii_bench").digest(*job, without=ASIDE) != before
        assert changed == (definition(PACKAGE / path, name) in known), name
        outcomes.add(changed)
    shutil.copy(PACKAGE / path, copy / path)
    assert True in outcomes
