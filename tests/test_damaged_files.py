"""A file between stages that was altered, cut or exchanged is refused, with the mend."""

import shutil
import subprocess
import zipfile

import pytest

from damage import (
    DESCRIPTIONS,
    FEATURE,
    LABELS,
    MIXES,
    MODELS,
    NAMES,
    PLACES,
    ROLES,
    SCORES,
    STORES,
    TEXT,
    UNITS,
    files,
    job,
    make_results,
)
from mimii_bench.audio.quality import write_summary
from mimii_bench.audio.recordings import write_recordings
from mimii_bench.audio.sounds import in_folder
from mimii_bench.corpus.index import read_index
from mimii_bench.corpus.simulate.bank import Bank
from mimii_bench.evaluation.scores import check_clips, kinds_in, read_scores
from mimii_bench.features.build import build_feature
from mimii_bench.features.store import FeatureStore, Frames
from mimii_bench.features.writing import build_store
from mimii_bench.figures import from_histories, from_tables
from mimii_bench.planning.verification import check_all, damages
from mimii_bench.reports.columns import LONG_KEY
from mimii_bench.reports.tables import merge
from mimii_bench.splits.base import read_recordings
from mimii_bench.splits.copies import read_digests
from mimii_bench.splits.manifests import read_clips_of, read_split
from mimii_bench.systems.base import load_system
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.training import running
from mimii_bench.util.checksums import CRCS, SUMS, Sums, add_to_sums, beside, seal, write_checksum
from mimii_bench.util.errors import UserError


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound") / "results"
    make_results(folder)
    return folder


@pytest.fixture
def results(sound, tmp_path):
    shutil.copytree(sound, tmp_path / "results")
    return tmp_path / "results"


def read_store(path):
    with FeatureStore(Frames(path, build_feature(FEATURE, 16_000))) as store:
        for name in NAMES:
            store.read(name)


def read_quality(path):
    """As a split does and, after it, the summary of all units."""
    pool = {UNITS[0]: read_index(path.parents[4] / PLACES.index, UNITS[0].id)}
    read_digests(pool, [path])
    write_summary({UNITS[0]: path}, path.parents[3] / "quality.csv")


def rescored(folder):
    results = folder.parents[6]
    (results / PLACES.models / "scored_by").write_text("other code")
    running.score_job(job(), files(results), results / PLACES.models, results / "again")


#: How stages read each kind of file.
READERS = {
    "index": lambda path: read_index(path, "00"),
    "quality": read_quality,
    "split": read_split,
    "recordings": read_recordings,
    "score": lambda path: read_scores([path]),
    "long": lambda path: merge([path], LONG_KEY, path.with_name("merged.csv")),
    "bank": lambda path: Bank(path).__exit__(),
    "store": read_store,
    "mix": lambda path: build_store(FEATURE, path, path / "store.h5", sealed=True),
    "model": rescored,
}
TABLES = {
    "index": TEXT | LABELS,
    "split": TEXT | LABELS | ROLES,
    "quality": TEXT,
    "recordings": TEXT,
    "score": TEXT | LABELS | ROLES | SCORES,
    "long": TEXT,
}
CASES = [
    *((kind, name, harm) for kind, harms in TABLES.items() for name, harm in harms.items()),
    *(("bank", name, TEXT[name]) for name in ("zeros", "empty", "a bit flipped") if name in TEXT),
    *(("store", name, harm) for name, harm in STORES.items()),
    *(("mix", name, harm) for name, harm in MIXES.items()),
    *(("model", name, harm) for name, harm in (MODELS | DESCRIPTIONS).items()),
]


def test_what_is_sound_is_read_and_verified(results):
    for kind, read in READERS.items():
        read(results / getattr(PLACES, kind))
    check_all(results)


@pytest.mark.parametrize(("kind", "name", "harm"), CASES, ids=[f"{k}: {n}" for k, n, _ in CASES])
def test_a_stage_refuses_it_and_verify_names_it(kind, name, harm, results):
    path = results / getattr(PLACES, kind)
    harm(path)
    with pytest.raises(UserError) as caught:
        READERS[kind](path)
    said = str(caught.value)
    assert str(path) in said
    assert "\n" not in said
    assert f"delete {results}" in said
    assert said.endswith("and run again")
    found = list(damages(results))
    assert [line for line in found if str(path) in line], found
    with pytest.raises(UserError, match="damaged file"):
        check_all(results)


#: What is wrong whatever its checksum says, and the words that say so.
RESEALED = [
    ("split", ROLES["a role tset"], "role 'tset' is not"),
    ("split", ROLES["a clip trains and tests"], "line 6: the clip stands twice"),
    ("split", LABELS["a label abnormol"], "line 2: label 'abnormol'"),
    ("split", TEXT["a field missing"], "line 5: 5 fields, not 6"),
    ("split", TEXT["header alone"], "names no clip"),
    ("split", TEXT["empty"], "it is empty"),
    ("split", TEXT["no header"], "line 1: columns must be clip,machine"),
    ("split", TEXT["UTF-16"], "no CSV file"),
    ("index", LABELS["a label abnormol"], "line 2: label 'abnormol'"),
    ("index", TEXT["last line twice"], "line 10: the clip stands twice"),
    ("index", TEXT["a column gone"], "line 1: columns must be name,id"),
    ("recordings", TEXT["a column gone"], "line 1: columns must be machine,snr,id,clip"),
    ("score", TEXT["empty"], "line 1: columns must be"),
    ("score", TEXT["header alone"], "it holds no score"),
    ("score", TEXT["UTF-16"], "decode"),
    ("score", TEXT["last line twice"], "line 6: the clip stands twice"),
    ("score", LABELS["a label abnormol"], "line 2: label 'abnormol'"),
    ("score", ROLES["a role tset"], "role 'tset'"),
    ("score", SCORES["infinite"], "line 5: score '1e999'"),
]


@pytest.mark.parametrize(("kind", "harm", "words"), RESEALED, ids=[w for _, _, w in RESEALED])
def test_what_no_table_may_say_is_said_of_its_line(kind, harm, words, results):
    path = results / getattr(PLACES, kind)
    harm(path)
    (add_to_sums if kind == "score" else write_checksum)(path)
    with pytest.raises(UserError) as caught:
        READERS[kind](path)
    assert str(caught.value).startswith(f"{path}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_no_description_that_lacks_a_fact_is_loaded(name, results):
    folder = results / PLACES.model
    DESCRIPTIONS[name](folder)
    seal(folder)
    with pytest.raises(UserError) as caught:
        load_system(DenseAutoencoder, folder / "model.safetensors", folder / "model.json")
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_model_of_another_training_is_refused(results):
    folder = results / PLACES.model
    shutil.rmtree(folder)
    shutil.copytree(folder.with_name("id_02"), folder)
    with pytest.raises(UserError, match=r"id_00/model\.safetensors: it is the model of another"):
        rescored(folder)


def test_scores_of_other_clips_than_the_manifest_s_are_not_taken_over(results):
    path = results / PLACES.model / "scores/score.csv"
    TEXT["last line gone"](path)
    add_to_sums(path)
    with pytest.raises(UserError, match="it scores 3 clips, not the 4 of its manifest"):
        check_clips(path, read_clips_of(results / PLACES.split))
    with pytest.raises(UserError, match="it scores 3 clips"):
        running.score_job(job(), files(results), results / PLACES.models, results / "again")


def test_a_kind_of_score_that_is_gone_is_missed(results):
    folder = (results / PLACES.score).parent
    (folder / "score.csv").unlink()
    with pytest.raises(UserError, match=r"score\.csv: it is missing"):
        kinds_in(folder)
    assert any("score.csv: it is missing" in line for line in damages(results))


@pytest.mark.parametrize("name", ["a bit flipped", "last line gone", "zeros", "empty"])
def test_an_altered_history_is_not_drawn(name, results):
    path = results / PLACES.model / "history.csv"
    TEXT[name](path)
    with pytest.raises(UserError, match=r"history\.csv: "):
        from_histories.read([{"history": str(path), "title": "ae"}])
    assert any("history.csv" in line for line in damages(results))


@pytest.mark.parametrize("name", TEXT)
def test_an_altered_table_is_not_drawn(name, results):
    path = results / PLACES.long
    TEXT[name](path)
    part = {"long": str(path), "title": "t", "table": "", "metric": "", "system": ""}
    with pytest.raises(UserError, match=r"all\.csv: .* and run again"):
        from_tables.read([part])


@pytest.mark.parametrize("kind", ["index", "split", "recordings", "bank"])
def test_without_its_checksum_a_file_is_not_read(kind, results):
    path = results / getattr(PLACES, kind)
    beside(path).unlink()
    with pytest.raises(UserError, match="there is no checksum of it"):
        READERS[kind](path)
    assert any(str(path) in line for line in damages(results))


@pytest.mark.parametrize("name", ["a bit flipped", "NaN", "another sample", "two clips exchanged"])
def test_recordings_are_compared_in_mixes_that_are_sound(name, results):
    folder = results / PLACES.mix
    MIXES[name](folder)
    with pytest.raises(UserError, match="not as it was written"):
        write_recordings({UNITS[0]: in_folder(folder, True)}, results / "found.csv")


def test_what_is_deleted_is_the_folder_that_a_rule_makes(results):
    path = results / PLACES.score
    job_folder = path.parents[2]
    (job_folder / ".snakemake_timestamp").touch()
    TEXT["last line gone"](path)
    with pytest.raises(UserError, match=f"; delete {job_folder} and run again$"):
        read_scores([path])


def test_checksums_are_what_sha256sum_checks(results):
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", SUMS], cwd=results / PLACES.model, capture_output=True
    )
    assert done.returncode == 0, done.stdout


def test_checksums_of_mixed_clips_are_those_of_members_of_zips(results):
    folder = results / PLACES.mix
    with zipfile.ZipFile(results / "mix.zip", "w") as archive:
        for path in folder.rglob("*.wav"):
            archive.write(path, path.relative_to(folder))
        members = {member.filename: f"{member.CRC:08x}" for member in archive.infolist()}
    assert members == dict(Sums.of_folder(folder, CRCS))
