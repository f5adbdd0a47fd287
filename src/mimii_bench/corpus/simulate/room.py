"""Microphone array, positions of the sources and impulse responses of the factory hall.

Frames: a machine's parts are placed in its own frame (radial, tangential, up), in metres: radial
points from the array's centre through the machine's own microphone, and (0, 0, 0) lies at the
machine's distance from that microphone, at the microphones' height.
"""

import numpy as np

from mimii_bench.corpus.mimii import CHANNELS, IDS, MACHINES, SAMPLE_RATE

SPEED_OF_SOUND = 343.0

#: Radius of the circle of microphones in metres, fitted to the coherence of real background noise
#: between opposite microphones (docs/simulation.md), not taken from a data sheet.
ARRAY_RADIUS = 0.0625
ARRAY_CENTRE = (6.1, 4.7, 1.3)

#: The hall: length, width, height in metres, and the reverberation time aimed at in seconds.
HALL = (14.0, 11.0, 6.0)
RT60 = 0.6
#: Reflections followed by the image source method; a bound on its time, not on realism.
MAX_ORDER = 20
#: Impulse responses end here (samples, .36 s): what is later has less than -45 dB of the energy,
#: and a recording's lead-in must cover it.
RESPONSE_LENGTH = 5760

#: The microphone each machine type stands in front of: the loudest one in real recordings.
OWN_MICROPHONE = {"valve": 0, "pump": 2, "fan": 4, "slider": 6}
DISTANCE = {"fan": 0.5, "pump": 0.5, "slider": 0.5, "valve": 0.1}

#: Parts of each machine that sound, in the machine's frame.
PARTS = {
    "fan": {
        "rotor": (0.0, 0.0, 0.0),
        "motor": (0.16, 0.03, -0.02),
    },
    "pump": {
        "motor": (0.05, -0.08, 0.0),
        "casing": (0.0, 0.06, 0.02),
        "leak": (0.02, 0.62, -0.2),
    },
    "slider": {
        "left": (0.02, -0.22, 0.0),
        "centre": (0.0, 0.0, 0.0),
        "right": (0.02, 0.22, 0.0),
        "motor": (0.1, -0.34, -0.05),
        "damage": (0.06, 0.58, -0.05),
    },
    "valve": {
        "coil": (0.0, 0.0, 0.0),
        "port": (0.0, 0.12, -0.03),
        "pipe": (0.02, -0.26, 0.1),
        "far_port": (-0.02, 0.28, -0.05),
    },
}

#: Where each unit of a type stands, added to all of its parts (no two are mounted alike).
MOUNTING = {
    "00": (0.0, 0.0, 0.0),
    "02": (0.02, 0.05, 0.03),
    "04": (0.01, -0.06, -0.04),
    "06": (0.04, 0.02, 0.06),
}
#: The valve is so close that its mounting may vary only by this fraction of the others'.
VALVE_MOUNTING = 0.3

#: Sources of noise all around the array, in hall coordinates, named by what stands there.
NOISE_PLACES = {
    "machine_hall_north": (4.2, 9.6, 1.1),
    "machine_hall_east": (12.3, 5.9, 1.0),
    "machine_hall_south": (7.6, 1.1, 0.9),
    "machine_hall_west": (1.2, 3.4, 1.2),
    "compressor": (10.9, 9.4, 0.7),
    "ventilation": (6.8, 6.4, 5.6),
    "blow_gun": (3.1, 6.6, 1.0),
    "workbench": (9.2, 2.7, 1.0),
    "gate": (1.0, 9.9, 1.6),
    "aisle": (8.4, 7.3, 1.6),
    "crane": (11.6, 1.9, 4.9),
    "press": (2.3, 1.2, 1.0),
}


def microphone_positions() -> np.ndarray:
    """Return the microphones' positions in the hall, shape (8, 3), metres.

    Microphone k lies at the azimuth of 45 k degrees on a horizontal circle.
    """
    azimuth = 2 * np.pi * np.arange(CHANNELS) / CHANNELS
    offsets = np.stack([np.cos(azimuth), np.sin(azimuth), np.zeros(CHANNELS)], axis=1)
    return np.asarray(ARRAY_CENTRE) + ARRAY_RADIUS * offsets


def part_position(machine: str, id: str, part: str) -> np.ndarray:
    """Return where a part of a machine lies in the hall, shape (3,), metres."""
    azimuth = 2 * np.pi * OWN_MICROPHONE[machine] / CHANNELS
    radial = np.array([np.cos(azimuth), np.sin(azimuth), 0.0])
    tangential = np.array([-np.sin(azimuth), np.cos(azimuth), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    scale = VALVE_MOUNTING if machine == "valve" else 1.0
    offset = np.asarray(PARTS[machine][part]) + scale * np.asarray(MOUNTING[id])
    reach = ARRAY_RADIUS + DISTANCE[machine]
    frame = np.stack([radial, tangential, up])
    return np.asarray(ARRAY_CENTRE) + reach * radial + offset @ frame


def diffuse_coherence(frequencies: np.ndarray) -> np.ndarray:
    """Return the coherence of a spherically isotropic field between microphone 0 and all.

    sin(k d) / (k d) (Cook et al., 1955), with d the distance and k the wave number.

    Parameters
    ----------
    frequencies : np.ndarray
        Hz, shape (bins,).

    Returns
    -------
    np.ndarray
        shape (8, bins), real; row m belongs to microphones m steps apart, the matrix of all pairs
        is circulant.
    """
    positions = microphone_positions()
    distances = np.linalg.norm(positions - positions[0], axis=1)
    return np.sinc(2 * frequencies * distances[:, None] / SPEED_OF_SOUND)


def impulse_responses(positions: np.ndarray) -> np.ndarray:
    """Return the hall's impulse responses from sources to all microphones.

    Image source method of pyroomacoustics (Allen and Berkley, 1979) in a rectangular hall with
    equal walls, absorption from the reverberation time by Sabine's formula. Without absorption by
    the air, which would take 15 times as long (octave bands) for some dB of late treble.

    Parameters
    ----------
    positions : np.ndarray
        Sources in the hall, metres, shape (sources, 3).

    Returns
    -------
    np.ndarray
        float32, shape (sources, 8, RESPONSE_LENGTH).
    """
    import pyroomacoustics

    pyroomacoustics.constants.set("num_threads", 1)
    absorption, _ = pyroomacoustics.inverse_sabine(RT60, HALL)
    room = pyroomacoustics.ShoeBox(
        HALL,
        fs=SAMPLE_RATE,
        materials=pyroomacoustics.Material(absorption),
        max_order=MAX_ORDER,
    )
    room.add_microphone_array(microphone_positions().T)
    for position in positions:
        room.add_source(position)
    room.compute_rir()
    responses = np.zeros((len(positions), CHANNELS, RESPONSE_LENGTH), np.float32)
    for channel, row in enumerate(room.rir):
        for source, response in enumerate(row):
            response = response[:RESPONSE_LENGTH]
            responses[source, channel, : len(response)] = response
    return responses


def all_parts() -> list[tuple[str, str, str]]:
    """Return (machine, id, part) of every source whose impulse response the bank holds."""
    return [(machine, id, part) for machine in MACHINES for id in IDS for part in PARTS[machine]]
