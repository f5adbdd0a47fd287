"""What a system's scores are called: by their kinds, also where it has but one."""

from collections.abc import Iterable, Mapping

import numpy as np

#: What the one kind of score of a system is called.
ONE_KIND = "score"


def scores_by_kind(system: object, clips: Iterable[tuple]) -> dict[str, np.ndarray]:
    """Return every kind of score of clips, as the system gives them: nothing is checked.

    Parameters
    ----------
    system : object
        Fitted. Its `score` may return an array alone, which is its one kind of score.
    clips : iterable of tuple
        The inputs of each clip.
    """
    found = system.score(clips)
    return dict(found) if isinstance(found, Mapping) else {ONE_KIND: found}
