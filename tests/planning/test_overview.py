"""The pictures of a run are drawn from its tables."""

from types import SimpleNamespace

import pytest

from mimii_bench.util.errors import UserError


def test_every_picture_has_its_tables_and_says_whose_recordings_they_are_of(project):
    for name in project.overview.names():
        wildcards = SimpleNamespace(picture=name)
        files = project.overview.inputs(wildcards)
        assert files
        assert all(path.startswith(("results/tables/", "results/checksums/")) for path in files)
        assert project.overview.stands_on(wildcards)
        assert project.code.overview(wildcards)
        assert "simulated" in project.overview.note(wildcards)


def test_pictures_of_the_leaderboard_are_asked_for_apart(project):
    of_reports, of_leaderboard = project.overview.paths(), project.overview.paths(leaderboard=True)
    assert not set(of_reports) & set(of_leaderboard)
    assert "results/figures/overview/published_and_reproduced.svg" in of_reports
    assert "results/figures/overview/leaderboard.png" in of_leaderboard


def test_a_picture_that_is_not_there_is_named(project):
    with pytest.raises(UserError, match="no picture mine can be drawn"):
        project.overview.picture(SimpleNamespace(picture="mine"))
