"""A listening room of clips that never were, for tests of the page."""

import json

import numpy as np

from mimii_bench.listening import pictures
from mimii_bench.listening.hearing import write_sound
from mimii_bench.listening.room import CONTENTS
from mimii_bench.listening.tracing import Trace
from mimii_bench.util.checksums import seal

RATE, SECONDS = 16000, 2.0
PLACE = "listening/some_report/dense_ae/{}"


def write_room(results, machine="fan", snrs=("-6dB", "6dB"), **changed):
    """Write a room below the folder of results and return what the page is told of it.

    `changed` stands in the place of what is told of each clip.
    """
    folder = results / PLACE.format(machine)
    folder.mkdir(parents=True)
    clips = [_clip(folder, machine, snr, number, changed) for number, snr in enumerate(snrs)]
    reasons = ("missed", "false_alarms", "highest", "lowest")
    told = {
        **{"machine": machine, "report": "some_report", "system": "dense_ae", "kind": "score"},
        **{"mix": "ch0", "measure": "mean squared error", "unit": "dB²", "piece_seconds": 0.16},
        **{"gain_db": 6.0, "axes": [pictures.LEFT, pictures.RIGHT]},
        "size": [pictures.WIDTH, pictures.HEIGHT],
        "clips": clips,
        "heard": {snr: {key: [number] for key in reasons} for number, snr in enumerate(snrs)},
    }
    (folder / CONTENTS).write_text(json.dumps(told))
    seal(folder)
    return str(folder), PLACE.format(machine)


def drawn(seed=0):
    """Return what a picture of noise shows."""
    samples = np.random.default_rng(seed).normal(0, 0.1, int(RATE * SECONDS)).astype(np.float32)
    trace = Trace(np.linspace(0.1, SECONDS - 0.1, 50), np.linspace(1, 3, 50), 0.16)
    levels = pictures.levels_of(samples, RATE)
    return pictures.Drawn(levels, RATE, SECONDS, "abnormal", 2.0, trace, None, "noise", "dB²")


def _clip(folder, machine, snr, number, changed):
    samples = np.random.default_rng(number).normal(0, 0.1, int(RATE * SECONDS))
    write_sound(folder / f"{number}.flac", samples, RATE, 1.0)
    shown = drawn(number)
    pictures.write_picture(folder / f"{number}.png", shown, pictures.limits_of([shown]))
    told = {
        **{"sound": f"{number}.flac", "picture": f"{number}.png", "machine": machine, "snr": snr},
        **{"clip": f"abnormal/0000000{number}", "id": "00", "label": "abnormal"},
        **{"seconds": SECONDS, "score": 12.345, "threshold": None, "rank": 3, "of": 4},
        **{"normal": 2, "normal_below": 1, "standing": -0.5, "piece_seconds": 0.16},
    }
    return told | changed


def told_of(*rooms, left_out=()):
    """Return the fact `listening` of a page with these rooms."""
    return {
        "rooms": [folder for folder, _ in rooms],
        "places": [place for _, place in rooms],
        "clips": 1,
        "left_out": list(left_out),
    }
