"""The listening room: what a system took for what, to hear and to see."""

import json
from collections.abc import Iterator
from pathlib import Path

from mimii_bench.page.given import Given
from mimii_bench.page.words import count
from mimii_bench.util.checksums import read_verified

#: Of a folder of sounds, what names them; see `mimii_bench.listening.room`.
_CONTENTS = "listening.json"
#: Why clips are heard, by what people call it.
_REASONS = {
    "missed": ("Abnormal, lowest scores", "what it misses first"),
    "false_alarms": ("Normal, highest scores", "what it raises false alarms for first"),
    "highest": ("Highest scores", "of all test clips"),
    "lowest": ("Lowest scores", "of all test clips"),
}


def section(given: Given) -> dict:
    """Return what stands in the section.

    Raises
    ------
    UserError
        For a list of sounds that is not as it was written.
    """
    facts = given.facts["listening"]
    pairs = list(zip(facts["rooms"], facts["places"], strict=True))
    rooms = [one for folder, place in pairs for one in _rooms(Path(folder), place)]
    clips = {clip["sound"] for room in rooms for group in room["groups"] for clip in group["clips"]}
    return {
        "key": "listening",
        "title": "Listening room",
        "rooms": rooms,
        "clips": len(clips),
        "left_out": facts["left_out"],
        "licensed": given.facts["corpus"]["name"] == "mimii",
        "choices": [
            (name, label, list(dict.fromkeys(room[name] for room in rooms)))
            for name, label in (("system", "System"), ("machine", "Machine"), ("snr", "SNR"))
        ],
    }


def _rooms(folder: Path, place: str) -> Iterator[dict]:
    """Yield what is heard of a machine under one condition after the other."""
    told = json.loads(read_verified(folder / _CONTENTS))
    clips = [_clip(one, told, place) for one in told["clips"]]
    for snr, by_reason in told["heard"].items():
        groups = [
            {"title": title, "about": about, "clips": [clips[n] for n in by_reason[reason]]}
            for reason, (title, about) in _REASONS.items()
        ]
        yield {
            "system": f"{told['report']}/{told['system']}",
            "machine": told["machine"],
            "snr": snr,
            "line": _line(told),
            "width": told["size"][0],
            "height": told["size"][1],
            "left": told["axes"][0],
            "right": told["axes"][1],
            "groups": groups,
        }


def _line(told: dict) -> str:
    """Return what the line under a spectrogram is."""
    kind = "" if told["kind"] == "score" else f" {told['kind']!r}"
    measure = f", the {told['measure']}" if told["measure"] else ""
    if told["piece_seconds"] is None:
        return f"The system scores whole clips alone{measure}: there is no line over time."
    length = f"pieces of {told['piece_seconds']:.2g} s"
    return f"The line is the system's own score{kind}{measure} of {length}."


def _clip(one: dict, told: dict, place: str) -> dict:
    unit = f" {told['unit']}" if told["unit"] else ""
    threshold = one["threshold"]
    return {
        **{name: one[name] for name in ("clip", "id", "label", "seconds", "rank", "of")},
        "sound": f"{place}/{one['sound']}",
        "picture": f"{place}/{one['picture']}",
        "score": f"{one['score']:.4g}{unit}",
        "threshold": "" if threshold is None else f"{threshold:.4g}{unit}",
        "above": None if threshold is None else one["score"] > threshold,
        "below": f"{count(one['normal_below'])} of {count(one['normal'])}",
        "mix": told["mix"],
        "gain": _gain(told["gain_db"]),
    }


def _gain(decibels: float) -> str:
    """Return by how much sounds were made louder or quieter.

    Examples
    --------
    >>> _gain(8.2), _gain(-1.0)
    ('louder by 8.2 dB', 'quieter by 1.0 dB')
    """
    return f"{'louder' if decibels >= 0 else 'quieter'} by {abs(decibels):.1f} dB"
