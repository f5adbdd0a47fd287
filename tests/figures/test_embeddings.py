"""t-SNE: every clip is a point in the colour of its label, always at the same place."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from mimii_bench.errors import UserError
from mimii_bench.figures.canvas import LABEL_COLOURS
from mimii_bench.figures.embeddings import draw_points, tsne, tsne_of_models, usable_perplexity
from mimii_bench.figures.from_models import Trained
from mimii_bench.splits import Row

RNG = np.random.default_rng(0)


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
        Row(f"{label}/{k}", "fan", "-6dB", "02", label, "test") for k, label in enumerate(labels)
    ]
    return InMemory("fan 02", system, rows, [])


def two_clusters(count, distance=20.0):
    labels = np.array(["normal", "abnormal"] * count)
    clips = RNG.normal(size=(2 * count, 5, 8)) + distance * (labels == "abnormal")[:, None, None]
    return clips, labels


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


def test_clusters_that_the_system_parts_are_parted_in_their_colours():
    clips, labels = two_clusters(40)
    figure = tsne_of_models([trained(Embedder(), clips, labels)], learning_rate=100, iterations=500)
    found = points_of(figure.axes[0])
    normal, abnormal = found[LABEL_COLOURS["normal"]], found[LABEL_COLOURS["abnormal"]]
    assert len(normal) == len(abnormal) == 40
    gap = np.linalg.norm(normal.mean(0) - abnormal.mean(0))
    assert gap > 2 * max(normal.std(0).max(), abnormal.std(0).max())


def test_the_same_embeddings_are_drawn_at_the_same_places():
    points = RNG.normal(size=(30, 6))
    np.testing.assert_array_equal(tsne(points, 5, 1000, 200), tsne(points.copy(), 5, 1000, 200))


def test_too_few_iterations_are_raised_to_what_the_library_takes():
    points = RNG.normal(size=(20, 4))
    np.testing.assert_array_equal(tsne(points, 5, 100, 200), tsne(points, 5, 100, 250))
    assert not np.array_equal(tsne(points, 5, 100, 250), tsne(points, 5, 100, 400))


def test_the_perplexity_is_lowered_for_few_clips_and_the_panel_says_so():
    assert usable_perplexity(30, 459) == 30
    assert usable_perplexity(30, 16) == 5
    clips, labels = two_clusters(8)
    figure = tsne_of_models([trained(Embedder(), clips, labels)])
    assert figure.axes[0].get_title() == "fan 02\nperplexity 5"


def test_too_few_clips_and_systems_without_embeddings_are_named():
    clips, labels = two_clusters(1)
    with pytest.raises(UserError, match="t-SNE needs 4 clips, there are 2"):
        tsne_of_models([trained(Embedder(), clips, labels)])
    with pytest.raises(UserError, match="fan 02 has no embed"):
        tsne_of_models([trained(object(), clips, labels)])
