"""The anomalies: which kinds each machine type has, and in what they show."""

from typing import NamedTuple


class Fault(NamedTuple):
    """One kind of anomaly.

    `shows_in` is "spectral" (the long-term spectrum of every microphone changes), "temporal" (the
    long-term spectrum stays, the timing changes) or "spatial" (the reference microphone's long-term
    spectrum stays, part of the sound comes from another place).
    """

    name: str
    shows_in: str
    description: str


#: machine -> its kinds; abnormal clip number n of every unit has kind n modulo their number.
FAULTS = {
    "fan": (
        Fault("imbalance", "spectral", "shaft line and its harmonics, blade-pass tone modulated"),
        Fault("voltage_change", "spectral", "lower speed, louder motor hum"),
        Fault("clogging", "spectral", "less high, more low turbulence, weaker blade-pass tone"),
        Fault("surge", "temporal", "flow swells and stalls once or twice a second"),
    ),
    "pump": (
        Fault("leakage_jet", "spectral", "hiss of a jet beside the casing"),
        Fault("contamination", "temporal", "water comes in slugs: flow noise in gushes"),
        Fault("clogging", "spectral", "stronger vane-pass tone, duller flow"),
        Fault("leakage_elsewhere", "spatial", "flow noise leaves at a leak half a metre away"),
    ),
    "slider": (
        Fault("rail_damage", "spectral", "knock at each pass over a notch"),
        Fault("loose_belt", "temporal", "uneven strokes and pauses"),
        Fault("no_grease", "spectral", "harsher friction with a squeal"),
        Fault("worn_rail_end", "spatial", "friction comes from one end of the rail"),
    ),
    "valve": (
        Fault("contamination_sticking", "spectral", "plunger sticks: duller clicks, gas hisses on"),
        Fault("contamination_delay", "temporal", "irregular intervals, the plunger bounces"),
        Fault("contamination_pattern", "temporal", "another order of open, close and pause"),
        Fault(
            "contamination_port",
            "spatial",
            "coil and pipe silent, their clicks come from another port",
        ),
    ),
}


def fault_of(machine: str, label: str, number: int) -> Fault | None:
    """Return the anomaly of a clip, or None for a normal clip."""
    if label == "normal":
        return None
    kinds = FAULTS[machine]
    return kinds[number % len(kinds)]
