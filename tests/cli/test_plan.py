import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mimii_bench.cli.plan import plan
from mimii_bench.util.errors import UserError
from samples import ROOT

TINY = ["--configfile", str(ROOT / "config/tiny.yaml"), "--cores", "2"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*arguments):
    found = CliRunner().invoke(plan, [*TINY, *arguments], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout


def billed(*arguments):
    return json.loads(run("--format", "json", *arguments))


def test_a_bill_adds_up():
    found = billed()
    kinds = {one["kind"]: one for one in found["kinds"]}
    assert kinds["fit_and_score"]["jobs"] == 2
    assert found["jobs"] == sum(one["jobs"] for one in kinds.values())
    assert found["cpu_seconds"] == pytest.approx(
        sum(one["cpu_seconds"] for one in kinds.values()), abs=1
    )
    folders = {one["folder"]: one for one in found["folders"]}
    assert found["final_bytes"] == sum(one["final_bytes"] for one in folders.values())
    assert found["final_bytes"] == found["peak_bytes"]
    assert folders["audio"]["final_bytes"] == pytest.approx(28 * 640_000, rel=0.05)
    (part,) = found["parts"]
    assert part["name"] == "mimii_baseline"
    assert part["jobs"] < found["jobs"]
    assert found["cpu_seconds"] / 2 < found["seconds"] < 3 * found["cpu_seconds"]


def test_mixes_are_made_where_they_are_to_be_kept():
    kept, gone = (
        billed("--config", f"simulated={{keep_mixes: {keep}}}") for keep in ("true", "false")
    )
    assert gone["final_bytes"] == pytest.approx(kept["final_bytes"] - 28 * 640_000, rel=0.01)
    assert kept["jobs"] == gone["jobs"] + 4
    assert "audio" not in [one["folder"] for one in gone["folders"]]


def test_the_budget_is_that_of_the_configuration():
    short, longer = (
        billed("--config", f"budgets={{demo: {{max_steps: {n}, seeds: 2}}}}") for n in (10, 9999)
    )
    assert short["seconds"] < longer["seconds"]
    assert short["jobs"] == longer["jobs"]


def test_rest_leaves_out_what_lies_there():
    path = Path("results/corpus/simulated/bank.h5")
    path.parent.mkdir(parents=True)
    path.touch()
    assert billed("--rest")["jobs"] == billed()["jobs"] - 1


def test_earlier_runs_correct_the_rates():
    before = billed()
    log = Path("results/logs/noise_bank.log")
    log.parent.mkdir(parents=True)
    log.write_text("noise_bank: done in 1000.00 s of CPU time, 0.3 of them to start up\n")
    after = billed()
    kinds = {one["kind"]: one["cpu_seconds"] for one in after["kinds"]}
    assert kinds["noise_bank"] == pytest.approx(1000)
    assert "corrected by 1 finished jobs" in after["rates"]
    assert after["cpu_seconds"] > before["cpu_seconds"] + 900


def test_a_table_says_it_in_words():
    printed = run()
    for text in ("fit_and_score", "memory of the largest job: 700 MB", "on 2 cores", "rates: "):
        assert text in printed
    assert "leaderboard" in run("--target", "leaderboard", "--config", "leaderboard={seeds: 1}")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--target", "nothing"], "no rule makes it"),
        (["--config", "budget"], "write KEY=VALUE"),
        (["--config", "run=2020-13-41"], "--config run: .* is no YAML"),
        (["--config", "reports=&a [*a]"], "--config reports: .* is no YAML"),
        (["--config", "simulated=" + "[" * 3000], r"--config simulated: .*\.\.\. is no YAML"),
        (["--config", "corpus=" + "x" * 5000], r"corpus: .{,300}x\.\.\. is not one of"),
        (["--config", "budget=huge"], "budget"),
        (["--config", "simulated={"], "no YAML"),
    ],
)
def test_wrong_use_is_one_line(arguments, told):
    with pytest.raises(UserError, match=told) as error:
        CliRunner().invoke(plan, [*TINY, *arguments], catch_exceptions=False)
    assert "\n" not in str(error.value)


def test_an_overlay_is_blamed_for_what_it_says(tmp_path):
    Path("mine.yaml").write_text("budgets: {demo: {sedes: 2}}\n")
    with pytest.raises(UserError, match=r"^mine\.yaml: budgets\.demo: .*unknown key 'sedes'"):
        run("--configfile", "mine.yaml")
