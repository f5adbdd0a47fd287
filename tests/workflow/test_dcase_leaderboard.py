"""The leaderboard on made-up sets of DCASE: from folders to the official score."""

import csv

import numpy as np
import pytest
import yaml
from sklearn.metrics import roc_auc_score

from samples import wav_bytes

FIELD = {
    "knn": {
        "class": "classical.NearestNeighbours",
        "inputs": [{"feature": "logmel64", "mix": "ch0"}],
        "options": {"pooling": ["mean"], "neighbours": 1},
    },
    "cnn": {"report": "ims_cnn", "system": "cnn"},
}
MACHINES = ("Vacuum", "bandsaw")
NORMAL, ABNORMAL = 6, 4


def sound(rng, level):
    return wav_bytes(np.round(rng.normal(size=(16_000, 1)) * level).astype(np.int16))


def write_set(folder):
    """Write the evaluation set of an edition since 2023: its test clips tell no label."""
    rng = np.random.default_rng(0)
    listed = []
    for machine in MACHINES:
        (folder / machine / "train").mkdir(parents=True)
        (folder / machine / "test").mkdir()
        listed.append(machine)
        number = 0
        for domain, level in (("source", 1000), ("target", 1100)):
            for n in range(4):
                name = f"section_00_{domain}_train_normal_{n:04d}_noAttribute.wav"
                (folder / machine / "train" / name).write_bytes(sound(rng, level))
            for label, count in (("normal", NORMAL), ("anomaly", ABNORMAL)):
                for n in range(count):
                    loud = level * (1.05 if label == "anomaly" else rng.uniform(0.95, 1.1))
                    name = f"section_00_{number:04d}.wav"
                    (folder / machine / "test" / name).write_bytes(sound(rng, loud))
                    listed.append(f"{name},section_00_{domain}_test_{label}_{n:04d}.wav")
                    number += 1
    (folder / "eval_data_list_2023.csv").write_text("\n".join(listed) + "\n")


@pytest.fixture(scope="module")
def ranked(project_class, tmp_path_factory):
    project = project_class.fresh(tmp_path_factory.mktemp("dcase") / "project", "config/dcase.yaml")
    write_set(project.folder / "data/dcase2023")
    path = project.folder / "leaderboard/leaderboard.yaml"
    features = yaml.safe_load(path.read_text())["features"]
    path.write_text(yaml.safe_dump({"features": features, "systems": FIELD}))
    project.run("leaderboard", cores=1)
    return project


def rows(project, name):
    with (project.folder / f"results/dcase2023/tables/{name}.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.mark.whole
def test_the_official_score_is_that_of_the_scores_that_lie_there(ranked):
    values = []
    for path in sorted(ranked.folder.glob("results/dcase2023/scores/**/score.csv")):
        with path.open() as file:
            clips = [row for row in csv.DictReader(file) if row["role"] == "test"]
        if "seed0" not in str(path):
            continue
        assert len(clips) == 2 * (NORMAL + ABNORMAL)
        anomalous = np.array([row["label"] == "abnormal" for row in clips])
        scores = np.array([float(row["score"]) for row in clips])
        for domain in ("source", "target"):
            kept = anomalous | np.array([f"_{domain}_" in row["clip"] for row in clips])
            values.append(roc_auc_score(anomalous[kept], scores[kept]))
        values.append(roc_auc_score(anomalous, scores, max_fpr=0.1))
    assert len(values) == 3 * len(MACHINES)
    expected = len(values) / sum(1 / value for value in values)
    found = {row["system"]: row for row in rows(ranked, "leaderboard")}
    assert float(found["knn"]["official"]) == pytest.approx(expected, abs=1e-6)
    assert {row["supervised"] for row in found.values()} == {"False"}


@pytest.mark.whole
def test_every_machine_has_its_score_and_the_page_tells_the_edition(ranked):
    table = [row for row in rows(ranked, "leaderboard_official") if row["area"] == "official"]
    assert {(row["system"], row["machine"]) for row in table} == {
        (system, machine) for system in ("knn", "fusion") for machine in ("", *MACHINES)
    }
    page = ranked.read("results/dcase2023/tables/leaderboard.md").decode()
    assert "## Official score of DCASE 2023" in page
    assert "Train and test on the parts that the set itself has (DCASE)." in page
    assert "Left out: cnn: the set has no anomalies to learn from." in page


@pytest.mark.whole
def test_another_ground_truth_scores_again(ranked, tmp_path):
    project = ranked.clone(tmp_path / "other")
    assert project.planned("leaderboard") == {}
    name = "section_00_0000.wav,section_00_source_test_"
    path = project.folder / "data/dcase2023/eval_data_list_2023.csv"
    path.write_text(path.read_text().replace(f"{name}normal", f"{name}anomaly"))
    assert project.planned("leaderboard")["clip_index"] >= 1
