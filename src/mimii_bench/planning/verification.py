"""All that a run has left below its folder of results, verified as it lies there."""

import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from mimii_bench.evaluation.scores import kinds_in, read_scores
from mimii_bench.features.store import FeatureStore
from mimii_bench.splits.manifests import read_split
from mimii_bench.training.folder import DESCRIPTION, SCORES, WEIGHTS
from mimii_bench.util.checksums import CRCS, Sums, damaged, is_list, problems, verify
from mimii_bench.util.errors import UserError

#: Not of stages, or of those that are still at work.
_APART = ("logs", "benchmarks")


def check_all(results: Path) -> None:
    """Verify all files of a run that stages read or people do.

    Parameters
    ----------
    results : Path
        Its folder.

    Raises
    ------
    UserError
        That counts the damaged files, after a line on standard error for each.
    """
    if not results.is_dir():
        raise UserError(f"{results}: there is no such folder; run the workflow first")
    found = list(damages(results))
    for line in found:
        print(line, file=sys.stderr)
    if found:
        raise UserError(f"{results}: {len(found)} damaged file(s), each named above")


def damages(results: Path) -> Iterator[str]:
    """Yield a line for each file below `results` that is missing, altered, or not what it says.

    A file is named once, by its checksum where that does not hold.
    """
    named = set()
    for line in _found(results):
        file, _, _ = line.partition(": ")
        if file not in named:
            named.add(file)
            yield line


def _found(results: Path) -> Iterator[str]:
    lists = [path for path in _below(results, "*") if is_list(path)]
    for path in lists:
        yield from problems(path)
    for pattern, read in _READERS.items():
        for path in _below(results, pattern):
            yield from _complaint(path, read)


def _below(results: Path, pattern: str) -> list[Path]:
    """Return the finished files below a folder that match a pattern."""
    found = sorted(results.rglob(pattern))
    return [path for path in found if path.is_file() and _is_finished(path.relative_to(results))]


def _is_finished(path: Path) -> bool:
    unfinished = any(Path(part).suffix in (".part", ".checkpoints") for part in path.parts)
    return not unfinished and path.parts[0] not in _APART


def _complaint(path: Path, read: Callable[[Path], object]) -> Iterator[str]:
    try:
        read(path)
    except UserError as error:
        yield str(error)


def _store(path: Path) -> None:
    with FeatureStore(path) as store:
        store.verify()


def _archive(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            broken = archive.testzip()
    except (BadZipFile, OSError) as error:
        raise damaged(path, f"no whole zip ({error})") from error
    if broken:
        raise damaged(path, f"{broken} inside is not as it was written")


def _model(path: Path) -> None:
    for file in (path, path.with_name(DESCRIPTION)):
        verify(file)


def _mixed(path: Path) -> None:
    name = f"{path.parent.name}/{path.name}"
    if name not in _sums(path.parents[1]):
        raise damaged(path, f"{CRCS} does not name it")


@cache
def _sums(folder: Path) -> Sums:
    """Return the checksums of a folder of mixed clips; once for all its files."""
    return Sums.of_folder(folder, CRCS)


def _score(path: Path) -> None:
    if path.suffix == ".csv":
        kinds_in(path.parent)
        read_scores([path])


#: How files are read by the stages, by where they lie; what has a checksum must have one.
_READERS: dict[str, Callable[[Path], object]] = {
    "corpus/**/*.h5": verify,
    "corpus/**/*.zip": _archive,
    "corpus/index/**/*.csv": verify,
    "corpus/quality/**/*.csv": verify,
    "recordings/**/*.csv": verify,
    "splits/**/*.csv": read_split,
    "features/**/*.h5": _store,
    "audio/**/*.wav": _mixed,
    f"models/**/{WEIGHTS}": _model,
    f"models/**/{SCORES}/*.csv": _score,
    "scores/**/*.csv": _score,
    "tables/*/all.csv": verify,
    "tables/*/claims.csv": verify,
}


def complaint_of(results: Path, path: Path) -> str:
    """Return what is wrong with one file or folder of a run; nothing for one that is as written.

    Of a folder of models or scores all files are looked at; of a folder of clips, all clips.
    """
    if path.is_dir():
        inside = (one for one in sorted(path.rglob("*")) if one.is_file())
        found = (complaint_of(results, one) for one in inside)
        return next(filter(None, found), "")
    if is_list(path):
        return next(problems(path), "")
    place = path.relative_to(results).as_posix()
    readers = [read for pattern, read in _READERS.items() if fnmatchcase(place, pattern)]
    return next((line for read in readers for line in _complaint(path, read)), "")


def is_covered(results: Path, path: Path) -> bool:
    """Tell whether a checksum, or the check of its kind of file, holds for a file or folder."""
    if path.is_dir():
        return any(is_covered(results, one) for one in path.rglob("*") if one.is_file())
    place = path.relative_to(results).as_posix()
    return is_list(path) or any(fnmatchcase(place, pattern) for pattern in _READERS)
