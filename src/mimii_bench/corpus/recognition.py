"""A folder of recordings that nobody has described: which layout it has, and its description."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

from mimii_bench.corpus.base import ANY, LABELS, Corpus, is_name, shown
from mimii_bench.corpus.forms import forms
from mimii_bench.corpus.headers import Form
from mimii_bench.corpus.inventory import DEFAULT_ID, Found, look_around
from mimii_bench.corpus.sources import open_source
from mimii_bench.util.errors import UserError

#: What is tried, in this order: a layout, and whether there are folders for conditions.
_TRIED = (
    *(("labels", ANY), ("folder", ANY), ("folder", "found")),
    *(("dcase2020", ANY), ("dcase", ANY), ("zip", "found"), ("zip", ANY)),
)
#: A recording that is shorter than this share of the middle one is none to cut the others to.
_SHORTEST = 0.5


class Recognised(NamedTuple):
    """What a folder was found to hold.

    Attributes
    ----------
    description : dict
        As `own.Description` takes it.
    notes : list of str
        What was decided, and what lies there and is not used, a line each.
    """

    description: dict
    notes: list[str]


def recognise(folder: Path) -> Recognised:
    """Return the description of a folder of recordings.

    All of its recordings must have the same rate and number of channels. Where they differ in
    length, all are cut to the shortest; one that is shorter than half of the middle one is refused.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    UserError
        It is no folder, holds no recordings in a layout that is known, or one that is not like the
        others.
    """
    folder = folder.absolute()
    if not folder.is_dir():
        raise UserError(f"{folder} is no folder; name the one that the recordings lie in")
    for said in _candidates(folder):
        corpus, place = _corpus(said), Path(said["folder"])
        found = _found(corpus, place)
        if found is not None and found.units:
            form, notes = common_form(_all_forms(corpus, place, found.units))
            # What lies around the folder was not asked for.
            unused = found.unused if place == folder else []
            return Recognised({**said, **form}, [*unused, *notes])
    raise UserError(
        f"{folder} holds no recordings in a layout that is known; put them into "
        f"{folder}/normal and {folder}/abnormal, or describe them (docs/recordings.md) and name "
        "the description with --corpus"
    )


def _candidates(folder: Path) -> Iterator[dict]:
    """Yield descriptions that could be of a folder, without the form of the recordings."""
    if any((ids / LABELS[0]).is_dir() for ids in folder.glob("id_*")) and is_name(folder.name):
        # The folder of one machine, of which the layout has several.
        said = _said(folder, "folder", ANY)
        yield {**said, "folder": str(folder.parent), "machines": [folder.name]}
    for layout, conditions in _TRIED:
        yield _said(folder, layout, conditions)


def _said(folder: Path, layout: str, conditions: str) -> dict:
    """Return a description without the form of the recordings."""
    said: dict = {"name": _plain(folder.name), "folder": str(folder), "layout": layout}
    said["conditions"] = conditions
    if layout == "labels":
        said["ids"] = [DEFAULT_ID]
        if (folder / LABELS[0]).is_dir():
            said["machines"] = [_plain(folder.name)]
    return said


def _plain(name: str) -> str:
    """Return a name that a machine can have.

    Examples
    --------
    >>> _plain("Pumpe 3 (Süd)"), _plain("")
    ('Pumpe_3_S_d', 'machine')
    """
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")[:64]
    return plain if is_name(plain) else "machine"


def _corpus(said: Mapping) -> Corpus:
    """Return a description for looking around alone, of recordings of any form."""
    return Corpus(
        name=said["name"],
        layout=said["layout"],
        channels=1,
        sample_rate=1,
        machines=tuple(said["machines"]) if "machines" in said else None,
        conditions=None if said["conditions"] == "found" else (ANY,),
        ids=tuple(said["ids"]) if "ids" in said else None,
    )


def _found(corpus: Corpus, folder: Path) -> Found | None:
    try:
        return look_around(corpus, folder)
    except UserError:
        # In another layout, files that are none of this one's.
        return None


def _all_forms(corpus: Corpus, folder: Path, units: Mapping) -> Iterator[tuple[str, Form]]:
    """Yield the name and form of each recording."""
    places: dict[tuple[str, str], list] = {}
    for unit, clips in units.items():
        places.setdefault((unit.machine, unit.snr), []).extend(clips)
    for (machine, condition), clips in places.items():
        yield from forms(open_source(corpus, folder, machine, condition), clips)


def common_form(found: Iterable[tuple[str, Form]]) -> tuple[dict, list[str]]:
    """Return what recordings have in common, as a description says it, and notes on it.

    Parameters
    ----------
    found : iterable of (name, Form)

    Raises
    ------
    UserError
        That names a recording which differs from the others, and what to do with it.
    """
    known = dict(found)
    channels = _common(known, "channels", "channel(s)", "mix them down, or leave it out")
    rate = _common(known, "sample_rate", "Hz", "resample it, or leave it out")
    lengths = {name: form.samples for name, form in known.items()}
    shortest = min(lengths, key=lengths.__getitem__)
    least, middle, most = lengths[shortest], median(lengths.values()), max(lengths.values())
    if least < _SHORTEST * middle:
        raise UserError(
            f"{shown(shortest)} lasts {least / rate:.3g} s, and half of the recordings last "
            f"{middle / rate:.3g} s or more; all would be cut to the shortest: leave it out"
        )
    form = {"channels": channels, "sample_rate": rate, "seconds": least / rate}
    if least == most:
        return form, []
    note = (
        f"recordings last {least / rate:.6g} to {most / rate:.6g} s; all are cut to "
        f"{least / rate:.6g} s, as {shown(shortest)} has"
    )
    return {**form, "longer": "cut"}, [note]


def _common(known: Mapping[str, Form], what: str, unit: str, mend: str) -> int:
    """Return the value that all forms have in common."""
    values = {name: getattr(form, what) for name, form in known.items()}
    (usual, _), *others = Counter(values.values()).most_common()
    if others:
        odd = next(name for name, value in values.items() if value != usual)
        raise UserError(f"{shown(odd)}: {values[odd]} {unit}, and most others have {usual}; {mend}")
    return usual
