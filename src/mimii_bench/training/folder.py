"""What the folder of a training job holds, by name."""

import json
from pathlib import Path

from mimii_bench.util.checksums import damaged, read_verified

#: Of each training: its model, its history, and the scores of all clips, a file per kind.
WEIGHTS, DESCRIPTION, HISTORY, SCORES = "model.safetensors", "model.json", "history.csv", "scores"
#: Of the job: by which code it scored, and how long its trainings took.
SCORED_BY, TIMES = "scored_by", "times.csv"


def described(path: Path | str, *names: str) -> list:
    """Return facts of the description of a model, whose class may be from outside.

    Raises
    ------
    UserError
        Where it is not as it was written, or does not tell one.
    """
    try:
        facts = json.loads(read_verified(path))
        return [facts[name] for name in names]
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(path, f"no description of a model that tells {', '.join(names)}") from error
