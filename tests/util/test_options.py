"""What a wrong option is answered with: one line, the key, and what is allowed."""

from typing import Annotated, Literal

import pytest
import yaml
from pydantic import Field, model_validator

from mimii_bench.util.errors import UserError
from mimii_bench.util.options import Component, checked


class Detector(Component):
    """Something that takes options."""

    class Options(Component.Options):
        """Its options."""

        epochs: Annotated[int, Field(ge=1, description="How often.")]
        loss: Literal["mse", "half_sum"] = "mse"
        rate: Annotated[float, Field(gt=0)] = 1e-3
        hidden: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)] = [8]
        seconds: Annotated[float, Field(gt=0)] | Literal["any"] = "any"
        names: list[Annotated[str, Field(pattern="^[a-z]+$")]] | Literal["found"] = "found"

        @model_validator(mode="after")
        def _fits(self):
            if self.rate > 1 and self.epochs > 10:
                raise ValueError("give fewer epochs or a lower rate")
            return self


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "ae: Detector needs the option epochs"),
        ({"epoch": 3}, "ae.epoch: Detector has no such option; it has epochs, loss, rate, hidden"),
        ({"epochs": 0}, "ae.epochs: 0 is not allowed: input should be greater than or equal to 1"),
        ({"epochs": True}, "ae.epochs: True is not allowed: input should be a valid integer"),
        ({"epochs": 1.5}, "ae.epochs: 1.5 is not allowed: input should be a valid integer"),
        (
            {"epochs": "4"},
            "ae.epochs: '4' is not allowed: input should be a valid integer; write",
        ),
        ({"epochs": 1, "loss": "foo"}, "ae.loss: 'foo' is not allowed: input should be 'mse' or"),
        ({"epochs": 1, "rate": "1e-4"}, "ae.rate: '1e-4' is not allowed: input should be a valid"),
        ({"epochs": 1, "rate": float("nan")}, "ae.rate: nan is not allowed: input should be a fin"),
        ({"epochs": 1, "hidden": []}, "ae.hidden: [] is not allowed: list should have at least 1"),
        ({"epochs": 1, "hidden": [4, 0]}, "ae.hidden.1: 0 is not allowed: input should be greater"),
        (
            {"epochs": 1, "seconds": "ten"},
            "ae.seconds: 'ten' is not allowed: input should be a valid number, or input should be "
            "'any'",
        ),
        ({"epochs": 1, "names": ["a", "B"]}, "ae.names.1: 'B' is not allowed: string should match"),
        ({"epochs": 11, "rate": 2}, "ae: give fewer epochs or a lower rate"),
    ],
)
def test_what_is_wrong_is_named(given, message):
    with pytest.raises(UserError) as error:
        checked(Detector.Options, given, "Detector", "ae")
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1e-4", "0.0001"), ("1e-10", "1.0e-10"), ("125e-6", "0.000125"), ("0.5", "0.5"), ("3", "3")],
)
def test_text_for_a_number_is_answered_with_the_number(text, number):
    with pytest.raises(UserError) as error:
        Detector(epochs=1, rate=text)
    assert str(error.value).endswith(f"; write {number}")
    assert yaml.safe_load(number) == float(text)


def test_an_object_holds_its_options_with_their_defaults():
    made = Detector(epochs=2, rate=1)
    assert (made.options.epochs, made.options.rate, made.options.hidden) == (2, 1.0, [8])
    with pytest.raises(UserError, match=r"^epochs: 0 is not allowed"):
        Detector(epochs=0)


def test_a_component_of_no_options_takes_none():
    with pytest.raises(UserError, match=r"^a: Component has no such option; it has none$"):
        Component(a=1)
