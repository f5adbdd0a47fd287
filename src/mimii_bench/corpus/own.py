"""A corpus of one's own, described in a YAML file.

For gears that four microphones heard at 48 kHz, in `recordings/gearbox/id_a/normal/1.wav` beside
the file::

    name: gearboxes
    folder: recordings
    layout: folder
    channels: 4
    sample_rate: 48000
    seconds: 10

What is left out of the last three is that of the first recording.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from mimii_bench.corpus.base import ANY, NAME_PATTERN, Corpus
from mimii_bench.corpus.forms import with_found_form
from mimii_bench.util.documents import read_yaml
from mimii_bench.util.errors import UserError, about
from mimii_bench.util.options import Options, checked
from mimii_bench.util.texts import expanded

FOUND = "found"
#: Of samples: seconds as a decimal number are not exact.
_ROUNDING = 1e-3
Name = Annotated[str, Field(pattern=f"^{NAME_PATTERN}$", max_length=64)]
Names = Annotated[list[Name], Field(min_length=1, max_length=10_000)]


class Description(Options):
    """What the file says."""

    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            pattern=r"^[^\x00-\x1f]+$",
            description="What messages call the corpus.",
        ),
    ]
    folder: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1000,
            pattern=r"^[^\x00-\x1f]+$",
            description="Where it lies, seen from the description's folder.",
        ),
    ]
    layout: Annotated[
        Literal["zip", "folder", "labels", "dcase2020", "dcase"],
        Field(
            description="How files lie: zip `{condition}_{machine}.zip` with "
            "`{machine}/id_{id}/{label}/{clip}.wav`; folder `{condition}/{machine}/id_{id}/...`; "
            "labels `{machine}/{label}/{clip}.wav`, or `{label}/{clip}.wav` of one machine; "
            "dcase2020 and dcase (since 2021) as those sets have them. "
            "Without conditions, `{machine}.zip` and `{machine}/id_{id}/...`."
        ),
    ]
    channels: Annotated[
        Annotated[int, Field(ge=1, le=1024)] | Literal["found"],
        Field(description="Of every recording, or found: those of the first one."),
    ] = FOUND
    sample_rate: Annotated[
        Annotated[int, Field(ge=1, le=10_000_000)] | Literal["found"],
        Field(description="Of every recording, in Hz, or found: that of the first one."),
    ] = FOUND
    seconds: Annotated[
        Annotated[float, Field(gt=0, le=86_400)] | Literal["found", "any"],
        Field(
            description="Length of every recording; found: that of the first one; any where units "
            "differ. Within a unit all must be equally long."
        ),
    ] = FOUND
    longer: Annotated[
        Literal["refused", "cut"],
        Field(description="What becomes of longer recordings: refused, or cut to `seconds`."),
    ] = "refused"
    machines: Annotated[
        Names | Literal["found"], Field(description="Their names, or found: all that lie there.")
    ] = FOUND
    conditions: Annotated[
        Names | Literal["found", "any"],
        Field(description="Their names; found; or any: there are none, and no folders for them."),
    ] = ANY
    ids: Annotated[
        Names | Literal["found"],
        Field(description="Of the machines of a type, or found. In DCASE since 2021: sections."),
    ] = FOUND
    edition: Annotated[
        Literal[2020, 2021, 2022, 2023, 2024, 2025] | None,
        Field(
            description="The year of DCASE whose official score the leaderboard prints: of the "
            "layout dcase2020, or of dcase."
        ),
    ] = None
    keep_mixes: Annotated[
        bool,
        Field(description="Make the mixes as one-channel WAVs, and features of them."),
    ] = False

    @model_validator(mode="after")
    def _fits(self) -> "Description":
        if self.layout.startswith("dcase") and (self.conditions == FOUND or len(self._held) > 1):
            raise ValueError(f"the layout {self.layout} has one condition; give conditions one")
        if self.edition is not None and self.layout != _layout_of(self.edition):
            raise ValueError(
                f"edition {self.edition} is of the layout {_layout_of(self.edition)}; "
                "change one, or leave edition out"
            )
        if self.longer == "cut" and self.seconds == ANY:
            raise ValueError("longer: cut needs a length; give seconds a number")
        if isinstance(self.seconds, float) and isinstance(self.sample_rate, int):
            samples_of(self.seconds, self.sample_rate)
        return self

    @model_validator(mode="after")
    def _names_what_no_folder_does(self) -> "Description":
        if self.layout != "labels":
            return self
        if not isinstance(self.ids, list) or len(self.ids) > 1:
            raise ValueError("the layout labels has one id; give ids one name, such as [a]")
        if self.conditions != ANY:
            raise ValueError("the layout labels has no conditions; leave them out")
        return self

    @model_validator(mode="after")
    def _each_once(self) -> "Description":
        for key in ("machines", "conditions", "ids"):
            names = getattr(self, key)
            if isinstance(names, list) and len(set(names)) < len(names):
                raise ValueError(f"{key}: name each once")
        return self

    @property
    def _held(self) -> Sequence[str]:
        return (ANY,) if self.conditions == ANY else self.conditions

    def corpus(self, folder: Path) -> Corpus:
        """Return the description that all else works with.

        Parameters
        ----------
        folder : Path
            Where the recordings lie, the first of which tells what is to be found.

        Raises
        ------
        UserError
            It is no recording.
        """
        given = {
            name: value
            for name, value in (("channels", self.channels), ("sample_rate", self.sample_rate))
            if value != FOUND
        }
        named = self._named()
        is_whole = len(given) == 2 and self.seconds != FOUND
        found = named if is_whole else with_found_form(named, folder)
        found = replace(found, **given)
        if self.seconds == FOUND:
            return found
        if self.seconds == ANY:
            return replace(found, samples=None)
        try:
            return replace(found, samples=samples_of(self.seconds, found.sample_rate))
        except ValueError as error:
            raise UserError(f"seconds: {error}") from None

    def _named(self) -> Corpus:
        """Return the description without what recordings are like.

        Where there are none, nobody asks for that.
        """
        return Corpus(
            name=self.name,
            layout=self.layout,
            channels=1,
            sample_rate=1,
            cut=self.longer == "cut",
            machines=_names(self.machines),
            conditions=_names(self._held),
            ids=_names(self.ids),
            edition=self.edition,
        )


def samples_of(seconds: float, sample_rate: int) -> int:
    """Return how many samples some seconds are; raises ValueError where the number is not whole.

    Examples
    --------
    >>> samples_of(10.1, 44_100)
    445410
    """
    samples = seconds * sample_rate
    if abs(samples - round(samples)) > _ROUNDING or samples < _ROUNDING:
        raise ValueError(f"{seconds} seconds are no whole number of samples at {sample_rate} Hz")
    return round(samples)


class OwnCorpus(NamedTuple):
    """One's own corpus: its description, where it lies, and whether mixes are kept."""

    corpus: Corpus
    folder: Path
    keep_mixes: bool


def read_description(path: Path) -> OwnCorpus:
    """Read the description of a corpus.

    Raises
    ------
    UserError
        There is no such file, or a key in it is unknown, missing or has a value that it cannot
        have.
    """
    try:
        content = read_yaml(path)
    except FileNotFoundError as error:
        raise UserError(
            f"config.yaml: corpus: {path} cannot be read ({error.strerror}); "
            "name the description of a corpus, or simulated or mimii"
        ) from None
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise UserError(f"{path}: no description; write keys with values, as in name: gearboxes")
    with about(str(path)):
        found = checked(Description, content, "the description")
    folder = path.parent / expanded(found.folder, f"{path}: folder")
    with about(f"{path}: what is to be found"):
        return OwnCorpus(found.corpus(folder), folder, found.keep_mixes)


def _layout_of(edition: int) -> str:
    return "dcase2020" if edition == 2020 else "dcase"


def _names(given: Sequence[str]) -> tuple[str, ...] | None:
    return None if given == FOUND else tuple(given)
