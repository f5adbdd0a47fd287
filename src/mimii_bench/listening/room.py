"""The listening room of one system on one machine: sounds, pictures, and a list of what they are.

`listening.json` in the folder says of each clip what it is, and of each signal-to-noise ratio which
clips are heard for which reason.
"""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from mimii_bench.corpus.location import Location
from mimii_bench.evaluation.scores import fit_threshold, kinds_in, read_scores
from mimii_bench.listening import pictures
from mimii_bench.listening.choosing import ScoredClip, choose, each_once, standings
from mimii_bench.listening.hearing import Heard, common_gain, read_heard, write_sound
from mimii_bench.listening.models import Models
from mimii_bench.listening.tracing import Trace
from mimii_bench.util.atomic import replacing
from mimii_bench.util.checksums import seal
from mimii_bench.util.errors import UserError

#: What is in a room.
CONTENTS = "listening.json"
#: Of a score that people are shown.
_DIGITS = 6


def write_room(location: Location, asked: Mapping, folder: Path | str) -> None:
    """Write the listening room of a system on a machine; the folder appears when it is complete.

    Parameters
    ----------
    location : Location
        Of the corpus.
    asked : mapping
        As `planning.listening.Listening.asked` returns it.
    folder : path

    Raises
    ------
    UserError
        For a kind of score that the system does not give, for files that are damaged, and for a
        clip that the model scores otherwise than it did.
    """
    chosen = _chosen(asked)
    mixes = [source["mix"] for source in asked["inputs"]]
    heard: dict[tuple, Heard] = {}
    for snr, index in asked["indexes"].items():
        heard |= read_heard(location, index, each_once(chosen[snr]), mixes)
    gain = common_gain(one.mixes[mixes[0]] for one in heard.values())
    models = Models(asked)
    with replacing(folder) as part:
        part.mkdir()
        clips: list[dict] = []
        for by_reason in chosen.values():
            found = each_once(by_reason)
            pieces = {one.key: models.trace(one, heard[one.key]) for one in found}
            drawn = _drawn(found, heard, pieces, asked["note"], mixes[0], models.unit)
            clips += _written(part, drawn, heard, mixes[0], gain, len(clips))
        lengths = [clip["piece_seconds"] for clip in clips if clip["piece_seconds"]]
        contents = {
            **{name: asked[name] for name in ("machine", "report", "system", "kind")},
            **{"mix": mixes[0], "measure": models.measure, "unit": models.unit},
            "piece_seconds": max(lengths, default=None),
            "gain_db": round(20 * math.log10(gain), 1),
            "axes": [pictures.LEFT, pictures.RIGHT],
            "size": [pictures.WIDTH, pictures.HEIGHT],
            "clips": clips,
            "heard": _places(chosen),
        }
        text = json.dumps(contents, indent=1, ensure_ascii=False)
        (part / CONTENTS).write_text(f"{text}\n", encoding="utf-8")
        seal(part)


def _chosen(asked: Mapping) -> dict[str, dict[str, list[ScoredClip]]]:
    """Return the clips to hear, {snr: {reason: clips}}."""
    clips = [one for pool in asked["pools"] for one in _scored(pool, asked)]
    here = [one for one in clips if one.unit.machine == asked["machine"]]
    return {
        snr: choose([one for one in here if one.unit.snr == snr], asked["clips"])
        for snr in asked["indexes"]
    }


def _scored(pool: Mapping, asked: Mapping) -> list[ScoredClip]:
    folder, kind = Path(pool["scores"]), asked["kind"]
    kinds = sorted(kinds_in(folder))
    if kind not in kinds:
        raise UserError(
            f"config.yaml: listening.systems: {asked['report']}/{asked['system']} gives no score "
            f"{kind!r}; write {asked['report']}/{asked['system']}/ and one of {', '.join(kinds)}"
        )
    table = read_scores([folder / f"{kind}.csv"])
    threshold = fit_threshold(table, asked["threshold"])
    return standings(pool["pool"], table.to_dict("records"), threshold)


def _drawn(
    clips: list[ScoredClip],
    heard: Mapping[tuple, Heard],
    traces: Mapping[tuple, Trace | None],
    note: str,
    mix: str,
    unit: str,
) -> list[tuple[ScoredClip, pictures.Drawn]]:
    """Return clips with what their pictures show."""
    found = []
    for one in clips:
        sound = heard[one.key]
        shown = pictures.Drawn(
            levels=pictures.levels_of(sound.mixes[mix], sound.sample_rate),
            sample_rate=sound.sample_rate,
            seconds=sound.seconds,
            label=one.label,
            score=one.score,
            trace=traces[one.key],
            threshold=one.threshold,
            note=f"{note}, {one.unit.path}, {one.label}",
            unit=unit,
        )
        found.append((one, shown))
    return found


def _written(
    folder: Path,
    drawn: list[tuple[ScoredClip, pictures.Drawn]],
    heard: Mapping[tuple, Heard],
    mix: str,
    gain: float,
    first: int,
) -> Iterator[dict]:
    """Write sounds and pictures of one condition, and yield what each clip is."""
    limits = pictures.limits_of([shown for _, shown in drawn]) if drawn else None
    for number, (one, shown) in enumerate(drawn, first):
        sound, picture = f"{number:03d}.flac", f"{number:03d}.png"
        own = heard[one.key]
        write_sound(folder / sound, own.mixes[mix], own.sample_rate, gain)
        pictures.write_picture(folder / picture, shown, limits)
        yield {
            "sound": sound,
            "picture": picture,
            "clip": one.clip,
            **one.unit._asdict(),
            "label": one.label,
            "seconds": round(shown.seconds, 3),
            "score": float(f"{one.score:.{_DIGITS}g}"),
            "threshold": one.threshold and float(f"{one.threshold:.{_DIGITS}g}"),
            **{name: getattr(one, name) for name in ("rank", "of", "normal", "normal_below")},
            "standing": round(one.standing, 2),
            "piece_seconds": shown.trace and round(shown.trace.length, 3),
        }


def _places(
    chosen: Mapping[str, Mapping[str, list[ScoredClip]]],
) -> dict[str, dict[str, list[int]]]:
    """Return which clips of the list are heard for which reason, by condition."""
    places, found = 0, {}
    for snr, by_reason in chosen.items():
        numbers = {one.key: place for place, one in enumerate(each_once(by_reason), places)}
        found[snr] = {
            reason: [numbers[one.key] for one in clips] for reason, clips in by_reason.items()
        }
        places += len(numbers)
    return found
