"""A model on disk: a folder of plain tensors, descriptions, recordings, checksums and a card.

Nothing in it is run: classes are those of this package, named by their module and nothing else.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mimii_bench.detector.card import card_of
from mimii_bench.detector.description import FORMAT, Description
from mimii_bench.detector.detector import Detector, make_hearing, scores_of
from mimii_bench.detector.hearing import Hearing
from mimii_bench.detector.learned import Learned
from mimii_bench.systems.base import load_system
from mimii_bench.util import plugins
from mimii_bench.util.atomic import replacing
from mimii_bench.util.checksums import read_verified, seal
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import checked
from mimii_bench.util.records import write_rows

DETECTOR, CARD, RECORDINGS = "detector.json", "README.md", "recordings.csv"
#: The system's own, as in the folder of a training job.
WEIGHTS, SYSTEM = "model.safetensors", "model.json"


def check_place(folder: Path | str, force: bool = False) -> None:
    """Raise UserError unless a model may be written at `folder`: over nothing but a model."""
    folder = Path(folder)
    if not folder.exists() and not folder.is_symlink():
        return
    if not (folder / DETECTOR).is_file():
        raise UserError(f"{folder}: exists and is no model; name another folder with -o")
    if not force:
        raise UserError(f"{folder}: there is a model already; --force replaces it")


def save_detector(detector: Detector, learned: Sequence[Learned], folder: Path | str) -> None:
    """Write a model; the folder appears when it is complete, in the place of one that was there."""
    with replacing(folder) as part:
        part.mkdir()
        detector.system.save(part / WEIGHTS, part / SYSTEM)
        text = json.dumps(detector.description, indent=2, allow_nan=False)
        (part / DETECTOR).write_text(text + "\n")
        write_rows(part / RECORDINGS, Learned._fields, learned)
        (part / CARD).write_text(card_of(detector))
        seal(part)


def load_detector(folder: Path | str, device: str = "cpu") -> Detector:
    """Return the detector of a model, ready to score.

    Raises
    ------
    UserError
        There is none, a file of it is not as it was written, or another version wrote it.
    """
    folder = Path(folder)
    if not (folder / DETECTOR).is_file():
        raise UserError(
            f"{folder}: no model (a folder with {DETECTOR}); make one with mimii-bench fit"
        )
    facts = _read(folder / DETECTOR)
    for name in (WEIGHTS, SYSTEM):
        _verified(folder / name)
    inputs = [one.feature for one in facts.inputs]
    for name in (facts.system.class_name, *(str(feature.get("class")) for feature in inputs)):
        _check_own(folder / DETECTOR, name)
    found = plugins.load("systems", facts.system.class_name)
    try:
        system = load_system(found, folder / WEIGHTS, folder / SYSTEM, device)
    except UserError as error:
        raise _broken(folder, str(error).partition("; delete")[0]) from error
    hearing = make_hearing(inputs, facts.mixes, facts.front_end, facts.window)
    _check_windows(folder / DETECTOR, hearing, facts)
    detector = Detector(system, hearing, facts)
    _check_parts(folder, detector)
    return detector


def _check_windows(path: Path, hearing: Hearing, facts: Description) -> None:
    """Raise UserError where thresholds are of other windows than the front end makes."""
    first = facts.windows[0]
    fits = hearing.frames is None or first.frames == hearing.frames
    fits &= math.isclose(first.seconds, facts.window_seconds, rel_tol=1e-6)
    pieces = [*facts.windows[1:], *([facts.trace] if facts.trace else [])]
    if not fits or any(piece.frames > first.frames for piece in pieces):
        raise _broken(path, "its windows are not those of its front end")


def _check_parts(folder: Path, detector: Detector) -> None:
    """Raise UserError where the system cannot score what its features make of a window.

    Each file may be sound, and yet one of another model than the others.
    """
    sound = np.random.default_rng(0).normal(scale=0.01, size=detector.hearing.window)
    try:
        inputs = tuple(one.transform(sound.astype(np.float32)) for one in detector.features)
        scores_of(detector.system, detector.kind, [inputs])
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise _broken(folder, f"its parts do not fit one another ({reason})") from error


def _broken(path: Path, what: str) -> UserError:
    """Return the error that says of a model what is wrong; no workflow makes it again."""
    return UserError(f"{path}: {what}; copy the model again, or fit it again")


def _read(path: Path) -> Description:
    try:
        found = json.loads(_verified(path))
    except (ValueError, RecursionError) as error:
        raise _broken(path, f"damaged model, no JSON ({type(error).__name__})") from None
    if not isinstance(found, dict):
        raise _broken(path, "damaged model, no description")
    if found.get("format") != FORMAT:
        raise UserError(
            f"{path}: a model of format {str(found.get('format'))[:20]}, and this version reads "
            f"{FORMAT}; fit it again"
        )
    return checked(Description, found, "the description", str(path))


def _verified(path: Path) -> bytes:
    try:
        return read_verified(path)
    except OSError as error:
        raise _broken(path, f"it cannot be read ({error.strerror})") from None
    except UserError:
        raise _broken(path, "it is not as it was written, or SHA256SUMS is lost") from None


def _check_own(path: Path, name: str) -> None:
    """Refuse classes from outside: to load a model must not run what somebody else wrote."""
    if name.count(".") != 1 or ":" in name or "/" in name:
        raise UserError(f"{path}: {name[:100]!r} is no class of mimii-bench; fit the model again")
