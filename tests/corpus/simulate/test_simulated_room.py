"""The array, the places of the machines, and how coherent the noise is."""

import numpy as np
import pytest
from scipy import signal

from mimii_bench.corpus.mimii import IDS, MACHINES
from mimii_bench.corpus.simulate import noise, room
from mimii_bench.corpus.simulate.bank import Bank, make_bank


def test_microphones_lie_evenly_on_a_circle():
    positions = room.microphone_positions()
    centre = positions.mean(axis=0)
    assert np.linalg.norm(positions - centre, axis=1) == pytest.approx(room.ARRAY_RADIUS)
    sides = np.linalg.norm(positions - np.roll(positions, 1, axis=0), axis=1)
    assert sides == pytest.approx(sides[0])
    assert np.linalg.norm(positions[0] - positions[4]) == pytest.approx(2 * room.ARRAY_RADIUS)


@pytest.mark.parametrize(
    ("machine", "part", "distance"),
    [("fan", "rotor", 0.5), ("slider", "centre", 0.5), ("valve", "coil", 0.1)],
)
def test_machines_stand_in_front_of_their_own_microphone(machine, part, distance):
    position = room.part_position(machine, "00", part)
    distances = np.linalg.norm(room.microphone_positions() - position, axis=1)
    assert np.argmin(distances) == room.OWN_MICROPHONE[machine]
    assert distances.min() == pytest.approx(distance)


def test_every_part_is_inside_the_hall_and_outside_the_array():
    for machine in MACHINES:
        for id in IDS:
            for part in room.PARTS[machine]:
                position = room.part_position(machine, id, part)
                assert np.all(position > 0.3)
                assert np.all(position < np.array(room.HALL) - 0.3)
                assert np.linalg.norm(position - room.ARRAY_CENTRE) > room.ARRAY_RADIUS + 0.05


def test_direct_sound_arrives_when_geometry_says(bank_path):
    with Bank(bank_path) as bank:
        responses = bank.responses("pump", "00")["motor"]
    source = room.part_position("pump", "00", "motor")
    distances = np.linalg.norm(room.microphone_positions() - source, axis=1)
    arrival = np.argmax(np.abs(responses), axis=1)
    expected = distances / room.SPEED_OF_SOUND * 16_000
    # The library's fractional delays start 40 samples late, at every microphone alike.
    assert arrival - arrival[0] == pytest.approx(expected - expected[0], abs=1.5)


def test_background_is_coherent_like_the_real_one(bank_path):
    """Real clips: about .8 at 100-500 Hz and .2 at 500-2000 Hz between opposite microphones."""
    coherences = []
    with Bank(bank_path) as bank:
        for scene in range(bank.scenes):
            clip = bank.noise(scene, 1000)
            frequencies, c = signal.coherence(clip[0], clip[4], 16_000, nperseg=1024)
            coherences.append(c)
    mean = np.mean(coherences, axis=0)
    assert 0.7 < mean[(frequencies >= 100) & (frequencies < 500)].mean() < 0.9
    assert mean[(frequencies >= 500) & (frequencies < 2000)].mean() < 0.4


def test_scenes_are_periodic(bank_path):
    with Bank(bank_path) as bank:
        length = bank.scene_length
        over_the_end = bank.noise(0, length - 100)
        assert np.array_equal(over_the_end[:, 100:], bank.noise(0, 0)[:, :-100])
        step = np.abs(np.diff(over_the_end, axis=1))
        assert step[:, 95:105].max() <= step.max()


def test_bank_depends_on_its_seed_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(noise, "SCENES", 2)
    monkeypatch.setattr(noise, "SCENE_LENGTH", 168_000)
    monkeypatch.setattr(room, "MAX_ORDER", 2)
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        make_bank(tmp_path / name, seed)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with Bank(tmp_path / "a") as one, Bank(tmp_path / "c") as other:
        assert not np.array_equal(one.noise(0, 0), other.noise(0, 0))
