"""What is seen of a run."""

import io

import pytest
from rich.console import Console

from mimii_bench.progress.panel import in_words, panel
from mimii_bench.progress.tally import Running, Tally


def seen(tally, now, width=100):
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    console.print(panel(tally, now))
    return console.file.getvalue().splitlines()


@pytest.fixture
def tally(tmp_path):
    log = tmp_path / "job.log"
    log.write_text("12:00:00 training 1 of 12: fan/-6dB/id_00\n12:00:05 epoch 3 of 50, step 12\n")
    tally = Tally({"a": 60.0, "b": 40.0}, jobs=3, cores=2, start=0.0)
    tally.starts(1, Running("fit_and_score [b]x[/b] fan", 60.0, 0.0, (str(log),)))
    return tally


def test_bar_and_jobs(tally):
    first, second = seen(tally, 30)
    assert first.rstrip().endswith("0 of 3 jobs, 30 % of the work, 0:30 passed, about 0:35 left")
    assert "━" in first
    # Names are text, whatever is in them.
    assert " ".join(second.split()) == (
        "0:30 of 1:00 fit_and_score [b]x[/b] fan epoch 3 of 50, step 12"
    )


@pytest.mark.parametrize("width", [40, 80, 200])
def test_every_line_fits(tally, width):
    assert all(len(line) <= width for line in seen(tally, 30, width))


def test_many_jobs_are_counted():
    tally = Tally({}, jobs=50, cores=50, start=0.0)
    for number in range(50):
        tally.starts(number, Running(f"mix {number}", 1.0, 0.0))
    assert len(seen(tally, 1)) == 14
    assert "and 38 more" in seen(tally, 1)[-1]


def test_words_at_the_end():
    tally = Tally({"a": 1.0}, jobs=1, cores=1, start=0.0)
    tally.starts(1, Running("a", 1.0, 0.0))
    tally.ends(1, 4000.0)
    assert in_words(tally, 4000) == "100 % of the work, 1:06:40 passed, done"
