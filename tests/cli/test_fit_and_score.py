"""`fit` and `score` in this process: what is printed where, and the exit status."""

import csv
import io
import json

import click
import pytest

from detector.sounds import hum, hums, write
from mimii_bench.cli import main, score
from mimii_bench.cli.main import NAME
from mimii_bench.detector import watching


@pytest.fixture
def ask(monkeypatch, capsys, tmp_path):
    """Run the command as a shell does; returns status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr("sys.argv", [NAME, *map(str, words)])
        with pytest.raises(SystemExit) as caught:
            main.main()
        printed = capsys.readouterr()
        return caught.value.code or 0, printed.out, printed.err

    return run


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    return hums(tmp_path_factory.mktemp("recordings"), 8, 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--option", "neighbours=none"], "--option.neighbours: 'none' is not allowed"),
        (["--mix", "stereo"], "mix 'stereo': write mono"),
        (["--mix", "ch1-ch1"], "mix 'ch1-ch1': write mono"),
        (["--mix", "mono", "--mix", "ch0"], "has 1 inputs; write it once for each"),
        (["--system", "id_magnitude_deep"], "tell several machines"),
    ],
)
def test_what_was_asked_wrongly_is_told_before_recordings_are_looked_for(ask, words, said):
    status, out, err = ask("fit", "no-such-folder", "-o", "model", *words)
    assert (status, out) == (2, "")
    assert said in err
    assert "no-such-folder" not in err


@pytest.fixture
def model(ask, recordings):
    status, *_ = ask("fit", recordings, "-o", "model", "-q")
    assert status == 0
    return "model"


def test_fit_ends_with_what_it_learned_on_stdout_and_says_the_rest_on_stderr(ask, recordings):
    (recordings / "notes.txt").write_text("x")
    status, out, err = ask("fit", recordings, "-o", "model")
    assert status == 0
    for said in ("knn_mean_max", "8 normal recordings", "threshold", "AUC", "95 % confidence"):
        assert said in " ".join(out.split())
    assert "notes.txt" in err
    assert "notes.txt" not in out
    assert ask("fit", recordings, "-o", "model")[0] == 2
    status, again, err = ask("fit", recordings, "-o", "model", "--force", "-q")
    assert (status, again, err) == (0, out, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--system", "knn_men"], "did you mean knn_mean"),
        (["--option", "neighbours"], "write key=value"),
        (["--option", "neighbours=none"], "--option.neighbours: 'none' is not allowed"),
        (["--option", "x=1"], "--option.x: NearestNeighbours has no such option"),
        (["--rate", "fast"], "write a number of Hz"),
        (["--rate", "44100"], "sampled at 16000 Hz, below 44100 Hz"),
        (["--false-alarm-rate", "0"], "0.0 is not in the range"),
        (["--window", "100"], "lasts 4 s, below 100 s"),
        (["--device", "tpu"], "write auto, cpu, cuda or cuda:N"),
    ],
)
def test_what_fit_cannot_do_ends_in_one_line_and_leaves_nothing(
    ask, recordings, tmp_path, words, said
):
    if "--device" in words:
        words = [*words, "--system", "baseline_ae"]
    status, out, err = ask("fit", recordings, "-o", "model", *words)
    assert (status, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_options_reach_the_system(ask, recordings):
    ask("fit", recordings, "-o", "m", "--option", "neighbours=2", "--option", "pooling=[max]")
    with open("m/model.json") as file:
        options = json.load(file)["options"]
    assert (options["neighbours"], options["pooling"]) == (2, ["max"])


@pytest.mark.parametrize(
    ("what", "status"),
    [
        (["normal/00.wav"], score.NONE),
        (["normal/00.wav", "abnormal/00.wav"], score.FOUND),
        (["abnormal/00.wav", "nowhere.wav"], score.TROUBLE),
        (["abnormal"], score.FOUND),
        (["."], score.FOUND),
    ],
)
def test_the_exit_status_is_grep_s(ask, model, recordings, what, status):
    paths = [recordings / one for one in what]
    found, out, _ = ask("score", model, *paths)
    assert found == status
    assert ask("score", "-q", model, *paths)[:2] == (status, "")
    assert ("anomalous" in out.split("seconds", 1)[1]) == (status != score.NONE)


def test_csv_and_json_say_the_same(ask, model, recordings):
    _, table, _ = ask("score", model, recordings, "--format", "csv")
    _, lines, _ = ask("score", model, recordings, "--format", "json")
    rows = list(csv.DictReader(io.StringIO(table)))
    found = [json.loads(line) for line in lines.splitlines()]
    assert len(rows) == len(found) == 11
    for row, one in zip(rows, found, strict=True):
        assert row["recording"] == one["recording"]
        assert float(row["score"]) == one["score"]
        assert float(row["threshold"]) == one["threshold"]
        assert row["verdict"] == one["verdict"]
        assert (one["verdict"] == "anomalous") == (one["score"] > one["threshold"])
        spans = " ".join(f"{a:.6g}-{b:.6g}" for a, b in one["anomalous_seconds"])
        assert row["anomalous_seconds"] == spans
        assert len(one["windows"]) == int(row["windows"]) == 1


def test_what_cannot_be_scored_is_told_and_the_others_are(ask, model, recordings, tmp_path):
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_text("hello")
    good = recordings / "normal/00.wav"
    status, out, err = ask(
        "score", model, "empty.wav", good, "text.wav", "no.wav", good, "--format", "csv"
    )
    assert status == score.TROUBLE
    assert len(out.splitlines()) == 3
    assert [line.split(": ")[1] for line in err.splitlines()] == ["empty.wav", "text.wav", "no.wav"]


@pytest.mark.parametrize(
    "name", ["=1+1.wav", "a\nb.wav", 'Ö,".wav', b"\xff.wav".decode(errors="surrogateescape")]
)
@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_any_name_stays_one_row(ask, model, recordings, tmp_path, name, form):
    (tmp_path / name).write_bytes((recordings / "normal/00.wav").read_bytes())
    status, out, _ = ask("score", model, name, "--format", form)
    assert status == score.NONE
    if form == "csv":
        rows = list(csv.reader(io.StringIO(out)))
        assert [len(row) for row in rows] == [9, 9]
        assert not rows[1][0].startswith("=")
    else:
        assert len(out.splitlines()) == {"table": 3, "json": 1}[form]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["model"], "name recordings or a folder"),
        (["nowhere", "x.wav"], "nowhere: no model"),
        (["model", "--watch", ".", "--plot", "p.html"], "--plot is of recordings"),
        (["model", "--watch", "nowhere"], "no folder to watch"),
        (["model", "x.wav", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_what_score_cannot_do_is_told(ask, model, words, said):
    status, out, err = ask("score", *words)
    assert (status, out) == (2, "")
    assert said in err


def test_a_plot_is_written_beside(ask, model, recordings, tmp_path):
    status, out, _ = ask("score", model, recordings / "abnormal", "--plot", "page.html")
    assert status == score.FOUND
    assert "abnormal/00.wav" in out
    assert (tmp_path / "page.html").read_text().count("<img") == 3


def test_thresholds_and_any_are_taken(ask, model, recordings, tmp_path):
    path = recordings / "abnormal/00.wav"
    assert ask("score", "-q", model, path, "--threshold", "1e9")[0] == score.NONE
    assert ask("score", "-q", model, path, "--threshold", "-1")[0] == score.FOUND
    # One window of twenty.
    parts = [hum(50, 40.0), hum(51, 4.0, rattle=2.0), hum(52, 36.0)]
    write(tmp_path / "burst.wav", [one for part in parts for one in part])
    assert ask("score", "-q", model, "burst.wav", "--any")[0] == score.FOUND


def test_watching_scores_what_arrives_until_it_is_interrupted(
    ask, model, recordings, tmp_path, monkeypatch
):
    folder = tmp_path / "incoming"
    folder.mkdir()
    data = (recordings / "abnormal/00.wav").read_bytes()
    steps = iter(
        [
            lambda: (folder / "1.wav").write_bytes(data[:1000]),
            lambda: None,
            lambda: (folder / "1.wav").write_bytes(data),
            lambda: (folder / "2.wav").write_text("hello"),
            lambda: None,
            lambda: None,
        ]
    )

    def sleep(seconds):
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr(watching.Watch.__init__, "__defaults__", (1.0, 0.0, _ticks(), sleep))
    status, out, err = ask("score", model, "--watch", folder, "--format", "json")
    assert [json.loads(line)["verdict"] for line in out.splitlines()] == ["anomalous"]
    assert err.count("truncated WAV") == err.count("neither WAV nor FLAC") == 1
    assert status == score.TROUBLE


def _ticks():
    seconds = iter(range(10**6))
    return lambda: float(next(seconds))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--plot", "page"], "is a directory"),
        (["--plot", "notes.html"], "exists and is no page"),
        (["--threshold", "nan"], "finite"),
        (["--threshold", "inf"], "finite"),
        ([""], "name is empty"),
    ],
)
def test_nothing_is_written_over_and_no_nonsense_is_taken(given, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page").mkdir()
    (tmp_path / "notes.html").write_text("mine")
    with pytest.raises(click.UsageError, match=said):
        score.score.main(["model", "x.wav", *given], standalone_mode=False)
    assert (tmp_path / "notes.html").read_text() == "mine"
    assert (tmp_path / "page").is_dir()
