"""The contract: what `System` gives, and classes from outside that do not inherit it."""

import json
from typing import Annotated, NamedTuple

import numpy as np
import pytest
from pydantic import Field
from safetensors.numpy import load_file

from mimii_bench.systems.base import (
    System,
    check_options,
    load_system,
    make_system,
    system_class,
)
from mimii_bench.systems.classical import NearestNeighbours
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import Options
from systems.sounds import as_clips, hums


class Loudness:
    """A system from outside that has the four methods and nothing else."""

    def __init__(self, power=2):
        self.power = power

    def fit(self, frames):
        self.mean = np.mean(frames)

    def score(self, clips):
        return [abs(np.mean(frames) - self.mean) ** self.power for (frames,) in clips]

    def save(self, weights, description):
        np.save(weights, self.mean)
        weights.with_suffix(weights.suffix + ".npy").rename(weights)

    @classmethod
    def load(cls, weights, description):
        made = cls()
        made.mean = np.load(weights)
        return made


class Step(NamedTuple):
    step: int
    loss: float


class Whole(Loudness):
    """A system from outside that has all that it might have."""

    learns = "id"
    parameters = 3
    layers = {"one": 3}

    def __init__(self, seed, device="cpu"):
        super().__init__()
        self.seed, self.device = seed, device

    def go_on_from(self, path, seconds):
        self.kept = path, seconds

    def fit(self, frames, ids, validation=None):
        super().fit(frames)
        self.watched, self.ids = validation, ids
        self.history_ = [Step(1, 0.5)]

    def score(self, clips):
        return {"level": np.array([np.mean(frames) for frames, _ in clips])}

    def save(self, weights, description):
        description.write_text("a text of its own")

    @classmethod
    def load(cls, weights, description, device):
        return cls(1, device)


class Silent(System):
    """The least that a subclass has; its scores are a plain array."""

    def fit(self, *inputs, validation=None):
        return self

    def score(self, clips):
        return np.array([0.0 for _ in clips])

    def save(self, weights, description):
        """Write nothing."""

    @classmethod
    def load(cls, weights, description, device="cpu"):
        return cls(device=device)


FRAMES = hums(6, 10)
paths = pytest.fixture(lambda tmp_path: (tmp_path / "model.safetensors", tmp_path / "model.json"))


def test_a_class_of_four_methods_is_a_system():
    system = make_system(Loudness, {"power": 1}, seed=5, device="cpu")
    assert isinstance(system, System)
    assert (system.learns, system.history_, system.parameters, system.layers) == (None, [], 0, {})
    assert (system.seed, system.device) == (5, "cpu")
    assert system.options.model_dump() == {"power": 1}
    system.go_on_from("there", 60)
    assert system.fit(FRAMES, validation=(FRAMES,)) is system
    expected = [abs(clip.mean() - FRAMES.mean()) for clip in FRAMES]
    np.testing.assert_allclose(system.score(as_clips(FRAMES)), expected, rtol=1e-5)


def test_what_a_foreign_class_does_not_write_is_written_for_it(paths):
    make_system(Loudness, {"power": 1}, seed=5).fit(FRAMES).save(*paths)
    assert json.loads(paths[1].read_text()) == {
        "system": "Loudness",
        "options": {"power": 1},
        "seed": 5,
        "parameters": 0,
        "layers": {},
    }
    found = make_system(Whole, {}, seed=1).fit(FRAMES, np.array(["00"] * 6))
    found.save(*paths)
    assert paths[1].read_text() == "a text of its own"
    paths[0].unlink()
    found.save(*paths)
    assert load_file(paths[0]) == {}


def test_a_foreign_class_is_read_back_by_its_own_load(paths):
    system = make_system(Loudness, {"power": 2}, seed=5).fit(FRAMES)
    system.save(*paths)
    loaded = load_system(Loudness, *paths, device="cuda")
    assert (loaded.options, loaded.seed, loaded.device) == (system.options, 5, "cuda")
    assert isinstance(loaded.adapted, Loudness)
    clips = as_clips(hums(3, 7))
    np.testing.assert_array_equal(loaded.score(clips), system.score(clips))
    make_system(Whole, {}, seed=1).save(*paths)
    assert load_system(Whole, *paths, device="cpu").adapted.device == "cpu"


def test_what_a_foreign_class_has_is_kept():
    system = make_system(Whole, {}, seed=7, device="auto")
    assert (system.adapted.seed, system.adapted.device) == (7, "auto")
    assert (system.learns, system.parameters, system.layers) == ("id", 3, {"one": 3})
    system.go_on_from("there", 60)
    assert system.adapted.kept == ("there", 60)
    ids = np.array(["00"] * 6)
    system.fit(FRAMES, ids, validation=(FRAMES, ids))
    assert system.adapted.watched[1] is ids
    assert system.history_ == [Step(1, 0.5)]
    assert list(system.score([(FRAMES[0], "00")])) == ["level"]


def test_a_history_of_something_else_is_none():
    system = make_system(Loudness, {})
    system.adapted.history_ = [0.3, 0.2]
    assert system.history_ == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pwer": 1}, r"^systems\.mine\.options: Loudness: got an unexpected keyword .*'pwer'"),
        ({"power": 1, "seed": 2}, r"^systems\.mine\.options: Loudness: .*'seed'"),
    ],
)
def test_what_the_constructor_of_a_foreign_class_does_not_take_is_named(options, message):
    for check in (check_options, make_system):
        with pytest.raises(UserError, match=message):
            check(Loudness, options, where="systems.mine.options")


def test_options_that_a_foreign_class_declares_are_checked():
    class Strict(Loudness):
        class Options(Options):
            power: Annotated[int, Field(ge=1, description="Exponent.")] = 2

    with pytest.raises(UserError, match=r"^here.power: 0 is not allowed"):
        check_options(Strict, {"power": 0}, "here")
    assert make_system(Strict, {}).options.power == 2


def test_an_option_that_a_foreign_class_needs_is_named():
    class Needy(Loudness):
        def __init__(self, power):
            super().__init__(power)

    with pytest.raises(UserError, match="Needy: missing a required argument: 'power'"):
        check_options(Needy, {})


def test_options_of_a_system_are_checked_by_its_model():
    with pytest.raises(UserError, match=r"^here.neighbours: 0 is not allowed: .* to 1$"):
        check_options(NearestNeighbours, {"neighbours": 0}, "here")
    with pytest.raises(UserError, match=r"^here.neighbour: NearestNeighbours has no such option"):
        make_system(NearestNeighbours, {"neighbour": 1}, where="here")
    with pytest.raises(UserError, match=r"^seed: Silent has no such option; it has none$"):
        check_options(Silent, {"seed": 1})
    assert type(make_system(NearestNeighbours, {"neighbours": 1}, seed=3)) is NearestNeighbours


def test_a_subclass_has_the_defaults():
    system = make_system(Silent, {}, seed=2)
    assert (system.learns, system.history_, system.parameters, system.layers) == (None, [], 0, {})
    assert system.go_on_from("there", 60) is None
    np.testing.assert_array_equal(system.fit(FRAMES).score(as_clips(FRAMES)), np.zeros(6))
    assert type(load_system(Silent, "one", "two")) is Silent


@pytest.mark.parametrize("name", ["fit", "score", "save", "load"])
def test_a_class_without_one_of_the_four_is_named(name):
    methods = {other: None for other in ("fit", "score", "save", "load") if other != name}
    with pytest.raises(UserError, match=f"^Half: a system has .*; add {name}$"):
        system_class(type("Half", (), methods))


def test_a_function_is_no_system():
    with pytest.raises(UserError, match=r"^hums: a system is a class"):
        system_class(hums)
