"""Mixes and feature stores: which there are, and which a system's inputs are read from."""

from collections.abc import Iterable, Mapping, Sequence

from mimii_bench.corpus.base import Unit
from mimii_bench.planning.paths import Paths
from mimii_bench.util.errors import UserError

#: The feature that is stored in place of those that are computed when they are read.
SAMPLES = {"class": "samples.Samples"}

#: An input of a system, or what else names a feature and a mix.
Input = Mapping[str, str]


class FeatureFiles:
    """All features by name, and the files of their frames.

    Parameters
    ----------
    known : {name: description}
        Class and options of every feature of the reports and of the leaderboard.
    on_the_fly : sequence of str
        Those that are computed, whenever a training reads them, of the samples, which are stored.
    paths : Paths

    Raises
    ------
    UserError
        For a feature on the fly that there is not, and for another one called `samples`.
    """

    def __init__(self, known: Mapping[str, Mapping], on_the_fly: Sequence[str], paths: Paths):
        for name in on_the_fly:
            if name not in known:
                there = ", ".join(sorted(known))
                raise UserError(f"config.yaml: on_the_fly: {name!r} is not one of {there}")
        self.by_name = {**known, "samples": known.get("samples", SAMPLES)}
        if self.by_name["samples"] != SAMPLES:
            raise UserError(f"report.yaml: features.samples must be {SAMPLES['class']}; rename it")
        self.on_the_fly = list(on_the_fly)
        self._paths = paths

    def described_by(self, known) -> Mapping:
        """Return the class and options of the feature whose name is an attribute of `known`."""
        return self.by_name[known.feature]

    def stored(self, source: Input) -> str:
        """Return which feature is stored for an input: its own, or the samples it is made of."""
        return "samples" if source["feature"] in self.on_the_fly else source["feature"]

    def store(self, source: Input, unit: Unit) -> str:
        """Return the store that holds the frames of an input of one unit, or their samples."""
        place = {"feature": self.stored(source), "mix": source["mix"], **unit._asdict()}
        return self._paths.store.format(**place)

    def stores(self, inputs: Sequence[Input], units: Sequence[Unit]) -> list[str]:
        """Return, for each input of a system, one store per unit."""
        return [self.store(source, unit) for source in inputs for unit in units]

    def mixes(self, inputs: Iterable[tuple[Input, Unit]]) -> list[str]:
        """Return every mix that pairs of input and unit need, each once."""
        return sorted(
            {self._paths.mix.format(mix=source["mix"], **unit._asdict()) for source, unit in inputs}
        )

    def all_stores(self, inputs: Iterable[tuple[Input, Unit]]) -> list[str]:
        """Return every store that pairs of input and unit need, each once."""
        return sorted({self.store(source, unit) for source, unit in inputs})

    def described(self, inputs: Iterable[Input]) -> list[Mapping]:
        """Return the feature of each input: its class and options."""
        return [self.by_name[source["feature"]] for source in inputs]
