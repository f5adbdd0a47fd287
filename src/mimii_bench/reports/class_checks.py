"""Whether the classes that a report names are what they are named as, and take their options.

Every mistake is a UserError that names the key and what is allowed.
"""

import inspect
from collections.abc import Collection, Mapping

from mimii_bench.audio.mixes import parse_mix
from mimii_bench.evaluation.scores import FITTED_ON
from mimii_bench.splits.base import Split, load_split
from mimii_bench.splits.manifests import ROLES
from mimii_bench.systems.base import check_options, system_class
from mimii_bench.util import plugins
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.options import Options, checked

#: By the room of a class, what it is and which methods make it one.
CONTRACTS = {
    "features": ("feature", ("transform", "frames", "check_rate")),
    "evaluation": ("threshold", ("fit",)),
    "figures": ("figure", ("draw",)),
}
#: The columns of a manifest that a system may learn.
LEARNED = (None, "id", "label")


def check_class(room: str, name: str, where: str, options: Mapping) -> type:
    """Return what `name` stands for, which must take the options that stand at `where`.

    What declares none, being from outside, is given them as they are.
    """
    with about(where.removesuffix(".options")):
        found = plugins.load(room, name)
        what, methods = CONTRACTS[room]
        lacking = [method for method in methods if not hasattr(found, method)]
        if lacking:
            raise UserError(f"{name} is no {what}: it has no {lacking[0]}")
        _check_written(found, name)
    model = getattr(found, "Options", None)
    if isinstance(model, type) and issubclass(model, Options):
        checked(model, options, found.__name__, where)
    return found


def _check_written(found: object, name: str) -> None:
    """A base of others leaves to them what it must have: it raises NotImplementedError alone."""
    for method in dir(found):
        code = getattr(inspect.getattr_static(found, method), "__code__", None)
        if code is not None and code.co_names == ("NotImplementedError",):
            raise UserError(f"{name} is a base of others, without {method}; name one of those")


def check_features(features: Mapping[str, Mapping]) -> None:
    """Check that features can be built."""
    for name, feature in features.items():
        check_class("features", feature["class"], f"features.{name}", without(feature, "class"))


def check_thresholds(evaluation: Mapping) -> None:
    """Check the rules of thresholds: their classes, options, and the clips they are fitted on."""
    said = {f"variants.{name}": one for name, one in evaluation.get("variants", {}).items()}
    for name, one in {"default": evaluation.get("default", {}), **said}.items():
        if rule := one.get("threshold"):
            where = f"evaluation.{name}.threshold"
            check_class("evaluation", rule["class"], where, without(rule, "class", "fitted_on"))
            fitted_on = rule.get("fitted_on", FITTED_ON)
            if not isinstance(fitted_on, list) or not fitted_on or not set(fitted_on) <= {*ROLES}:
                raise UserError(
                    f"{where}.fitted_on: {fitted_on!r}: list some of {', '.join(ROLES)}"
                )


def check_split(scheme: str, **options) -> None:
    """Check that a split's scheme takes its options."""
    found = load_split(scheme)
    if not (isinstance(found, type) and issubclass(found, Split)):
        raise UserError(f"split.scheme: {scheme} is no split; derive it from splits.base.Split")
    with about("split.scheme"):
        _check_written(found, scheme)
    checked(found.Options, options, scheme, "split")


def check_system(where: str, system: Mapping, features: Collection[str]) -> None:
    """Check that a system's class takes its options and inputs, and that these are there.

    Parameters
    ----------
    where : str
        The key that the system stands under.
    system : mapping
        Its `class`, `options` and `inputs`.
    features : collection of str
        The names of the features that there are.
    """
    with about(where):
        found = plugins.load("systems", system["class"])
        if inspect.isabstract(system_class(found)):
            raise UserError(f"{system['class']} is a base of others; name one of those")
        _check_methods(found, len(system["inputs"]))
    check_options(found, system["options"], f"{where}.options")
    for source in system["inputs"]:
        with about(where):
            parse_mix(source["mix"])
        if source["feature"] not in features:
            raise UserError(f"{where}: feature {source['feature']!r} is not {', '.join(features)}")


def _check_methods(found: type, inputs: int) -> None:
    name, learned = found.__name__, getattr(found, "learns", None)
    if learned not in LEARNED:
        raise UserError(f"{name}: it learns {learned!r}; a system learns id, label or nothing")
    if not isinstance(inspect.getattr_static(found, "load"), classmethod | staticmethod):
        raise UserError(f"{name}: load is no class method; put @classmethod above it")
    places = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = list(inspect.signature(found.fit).parameters.values())[1:]
    if any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in parameters):
        return
    taken = [one for one in parameters if one.kind in places and one.name != "validation"]
    takes = len(taken) - (learned is not None)
    if takes != inputs:
        raise UserError(f"inputs: {name} takes {takes}, and {inputs} are given")


def check_supervision(where: str, system: Mapping, scheme: str) -> None:
    """Check that what learns from abnormal clips is marked, and nothing else, and is given some."""
    learns = learns_labels(system["class"])
    if system.get("supervised", False) != learns:
        does = "learns from abnormal clips" if learns else "learns from normal clips alone"
        raise UserError(f"{where}: {system['class']} {does}; write {str(learns).lower()}")
    if learns and not getattr(load_split(scheme), "gives_abnormal", False):
        raise UserError(f"{where}: the split {scheme} gives no abnormal clips to train on")


def learns_labels(class_name: str) -> bool:
    """Tell whether a system learns from abnormal clips."""
    return getattr(plugins.load("systems", class_name), "learns", None) == "label"


def without(values: Mapping, *keys: str) -> dict:
    """Return a mapping without some of its keys."""
    return {key: value for key, value in values.items() if key not in keys}
