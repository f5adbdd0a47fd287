"""t-SNE: every clip is a point in the colour of its label, always at the same place."""

import numpy as np
import pytest
import yaml
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from sklearn.manifold import TSNE, trustworthiness

from mimii_bench.figures.canvas import LABEL_COLOURS
from mimii_bench.figures.embeddings import (
    Tsne,
    draw_points,
    tsne,
    usable_learning_rate,
    usable_perplexity,
)
from mimii_bench.figures.from_models import Trained
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.errors import UserError
from samples import ROOT

RNG = np.random.default_rng(0)
SPEC = yaml.safe_load((ROOT / "reports/complex_net/report.yaml").read_text())
#: As the report's figure is drawn.
OPTIONS = SPEC["figures"]["embeddings"]["options"]


class Embedder:
    """A system that embeds a clip by its mean frame."""

    learns = None

    def embed(self, clips):
        return np.stack([frames.mean(0) for (frames,) in clips])


def trained(system, clips, labels):
    """A trained system on clips that are in memory."""

    class InMemory(Trained):
        def clips(self):
            return iter([(clip,) for clip in clips])

    rows = [
        SplitRow(f"{label}/{k}", "fan", "-6dB", "02", label, "test")
        for k, label in enumerate(labels)
    ]
    return InMemory("fan 02", system, rows, [])


def two_clusters(normal, abnormal, distance=20.0):
    """Clips of two sounds, the labels in turn as far as there are both."""
    labels = np.array(["normal", "abnormal"] * max(normal, abnormal))
    rank = np.arange(len(labels)) // 2
    labels = labels[np.where(labels == "normal", rank < normal, rank < abnormal)]
    clips = RNG.normal(size=(len(labels), 5, 8))
    return clips + distance * (labels == "abnormal")[:, None, None], labels


def points_of(panel):
    return {
        to_hex(dots.get_facecolor()[0]).upper(): np.asarray(dots.get_offsets())
        for dots in panel.collections
    }


def test_points_stand_in_the_colour_of_their_label():
    panel = Figure().subplots()
    points, labels = (
        RNG.normal(size=(7, 2)),
        np.array(["normal", "abnormal", "normal"] * 2 + ["normal"]),
    )
    draw_points(panel, points, labels)
    found = points_of(panel)
    for label, colour in LABEL_COLOURS.items():
        np.testing.assert_array_equal(found[colour], points[labels == label])
    assert [dots.get_label() for dots in panel.collections] == ["normal (5)", "abnormal (2)"]


@pytest.mark.parametrize(("normal", "abnormal"), [(8, 8), (100, 89), (100, 359)])
def test_clusters_that_the_system_parts_are_drawn_whole_and_apart(normal, abnormal):
    """As the demo and as the report has them: no point strays half as far as the gap is wide."""
    clips, labels = two_clusters(normal, abnormal)
    system = trained(Embedder(), clips, labels)
    found = points_of(Tsne(**OPTIONS).draw([system]).axes[0])
    sounds = [found[LABEL_COLOURS[label]] for label in ("normal", "abnormal")]
    assert [len(points) for points in sounds] == [normal, abnormal]
    gap = np.linalg.norm(sounds[0].mean(0) - sounds[1].mean(0))
    strays = [np.linalg.norm(points - points.mean(0), axis=1).max() for points in sounds]
    assert gap > 2 * max(strays)
    embedded = system.system.embed(system.clips())
    drawn = np.concatenate(sounds)
    order = np.concatenate([embedded[labels == label] for label in ("normal", "abnormal")])
    assert trustworthiness(order, drawn, n_neighbors=5) > 0.93


def test_the_same_embeddings_are_drawn_at_the_same_places():
    points = RNG.normal(size=(30, 6))
    np.testing.assert_array_equal(tsne(points, 5, 1000, 200), tsne(points.copy(), 5, 1000, 200))


def test_the_iterations_come_after_those_that_exaggerate():
    points, perplexity, rate = RNG.normal(size=(20, 4)), 5, 40
    reducer = TSNE(
        perplexity=perplexity, learning_rate=rate, max_iter=450, init="pca", random_state=0
    )
    expected = reducer.fit_transform(points)
    np.testing.assert_array_equal(tsne(points, perplexity, rate, 200), expected)
    # Of a descent that ends in the exaggeration, scikit-learn does not know the objective.
    assert reducer.kl_divergence_ < 1


def test_perplexity_and_learning_rate_are_lowered_for_few_clips_and_the_panel_says_so():
    assert usable_perplexity(30, 459) == 30
    assert usable_perplexity(30, 16) == 5
    assert usable_learning_rate(1000, 500) == 1000
    assert usable_learning_rate(1000, 16) == 32
    clips, labels = two_clusters(8, 8)
    figure = Tsne(**OPTIONS).draw([trained(Embedder(), clips, labels)])
    assert figure.axes[0].get_title() == "fan 02\nperplexity 5, learning rate 32"


def test_every_panel_says_how_many_clips_it_shows():
    models = [trained(Embedder(), *two_clusters(*counts)) for counts in ((3, 2), (2, 4))]
    figure = Tsne(**OPTIONS).draw(models)
    told = [[text.get_text() for text in axes.get_legend().texts] for axes in figure.axes]
    assert told == [["normal (3)", "abnormal (2)"], ["normal (2)", "abnormal (4)"]]


def test_too_few_clips_and_systems_without_embeddings_are_named():
    clips, labels = two_clusters(1, 1)
    with pytest.raises(UserError, match="t-SNE needs 4 clips, there are 2"):
        Tsne().draw([trained(Embedder(), clips, labels)])
    with pytest.raises(UserError, match="fan 02 has no embed"):
        Tsne().draw([trained(object(), clips, labels)])
