"""Dates of files: a copy has others, clocks are set. What is finished stays so."""

import os
import random
import shutil
import time

import pytest

DAY = 86_400


def date(folder, moment):
    """Give every file and folder below one the date that `moment` tells of it."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(place, name)
            when = moment()
            os.utime(path, (when, when))


@pytest.mark.whole
def test_a_copy_without_dates_is_finished_when_it_is_told_so(finished, tmp_path):
    """As `cp -r`, or rsync without -t, in whatever order they copy; see docs/running.md."""
    copy = finished.clone(tmp_path / "copy")
    order = random.Random(0)
    date(copy.folder, lambda: time.time() - order.uniform(0, DAY))
    copy.run("--touch")
    assert copy.planned() == {}
    assert copy.read("results/tables/all.csv") == finished.read("results/tables/all.csv")
    copy.edit("reports/mimii_baseline/report.yaml", "batch_size: 512", "batch_size: 256")
    assert copy.planned()["fit_and_score"] == 2


@pytest.mark.whole
@pytest.mark.parametrize("part", ["results/corpus", "results/features", "reports"])
def test_files_dated_a_day_ahead_hold_nothing_up(finished, tmp_path, part):
    """A clock that was ahead when they were made, and is right now."""
    copy = finished.clone(tmp_path / "copy")
    date(copy.folder / part, lambda: time.time() + DAY)
    zips = sorted((copy.folder / "results/corpus").rglob("*.zip"))
    assert zips
    for made in ("features", "models", "scores", "tables"):
        shutil.rmtree(copy.folder / "results" / made)
    copy.run()
    assert sorted((copy.folder / "results/corpus").rglob("*.zip")) == zips
    assert copy.planned() == {}
    assert copy.read("results/tables/all.csv") == finished.read("results/tables/all.csv")
