"""Where the results of a run are, in three lines."""

from __future__ import annotations

from pathlib import Path


def ending(project) -> list[str]:
    """Return what is said at the end of a run; only of what is there.

    Parameters
    ----------
    project : Project
    """
    paths = project.paths
    corpus = "of simulated recordings" if project.corpus.simulated else f"of {project.corpus.name}"
    lines = {
        paths.all_long: f"every printed number beside ours, {corpus}: {paths.all_long}",
        paths.missing: f"what could not be computed, and why: {paths.missing}",
        paths.leaderboard_page: f"the leaderboard: {paths.leaderboard_page}",
    }
    return [line for path, line in lines.items() if Path(path).exists()]
