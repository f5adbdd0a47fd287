"""The contract of figures: every one says what it is drawn from and what it takes."""

import inspect

import pytest

from mimii_bench.figures.base import PART_KINDS, RECORDS, Figure
from mimii_bench.util import plugins
from mimii_bench.util.errors import UserError
from mimii_bench.util.options import checked
from samples import ROOT, printed_by

MODULES = [
    "costs",
    "forest",
    "published",
    "ranks",
    "standings",
    "curves",
    "embeddings",
    "rainbowgrams",
    "reconstructions",
    "scores",
    "spectrograms",
]
MODULES += ["sweeps", "waveforms", "input_vectors", "shares"]


def figures():
    """All figures by the name that report.yaml gives them."""
    found = {}
    for path in sorted((ROOT / "src/mimii_bench/figures").glob("*.py")):
        module = plugins.importlib.import_module(f"mimii_bench.figures.{path.stem}")
        for name, thing in vars(module).items():
            is_figure = inspect.isclass(thing) and issubclass(thing, Figure)
            if is_figure and thing.__module__ == module.__name__ and thing is not Figure:
                found[f"{path.stem}.{name}"] = thing
    return found


FIGURES = figures()


def test_the_modules_that_draw_are_known_here():
    assert {name.split(".")[0] for name in FIGURES} == set(MODULES)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_names_what_it_is_drawn_from_and_what_it_takes(name):
    figure = plugins.load("figures", name)
    assert figure is FIGURES[name]
    assert figure.kind in (*PART_KINDS, RECORDS)
    assert callable(plugins.load("figures", f"from_{figure.kind}.read"))
    assert figure.__doc__
    assert all(field.description for field in figure.Options.model_fields.values())
    figure()


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        (
            "scores.Histogram",
            {"colour": "red"},
            "colour: it has no such option; it has score, bins, share",
        ),
        ("scores.Histogram", {"bins": 0}, "bins: 0 is not allowed"),
        ("scores.Roc", {"bins": 60}, "bins: it has no such option; it has none"),
        ("embeddings.Tsne", {"perplexity": "30"}, "perplexity: '30' is not allowed"),
        ("embeddings.Tsne", {"learning_rate": 0}, "learning_rate: 0 is not allowed"),
        ("reconstructions.GeneratedPieces", {"pieces": 1.5}, "pieces: 1.5 is not allowed"),
        ("curves.Losses", {"log": "yes"}, "log: 'yes' is not allowed"),
    ],
)
def test_an_option_that_is_not_allowed_is_named(name, options, message):
    with pytest.raises(UserError) as caught:
        checked(FIGURES[name].Options, options, "it")
    assert str(caught.value).startswith(message)


def test_options_are_read_without_what_draws_and_computes():
    """The workflow reads them before it knows whether a figure is wanted at all."""
    code = (
        "import importlib, sys\n"
        f"for name in {MODULES}: importlib.import_module(f'mimii_bench.figures.{{name}}')\n"
        "slow = ('matplotlib', 'sklearn', 'torch', 'pandas', 'librosa', 'h5py', 'scipy.stats')\n"
        "print(*[name for name in slow if name in sys.modules])"
    )
    assert printed_by(code).split() == []
