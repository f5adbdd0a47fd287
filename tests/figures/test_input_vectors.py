"""Windows are neighbouring frames of the store, the first at the bottom."""

import numpy as np

from figures.parts import store_part, stored
from mimii_bench.figures.from_stores import read
from mimii_bench.figures.input_vectors import InputVectors


def test_a_column_is_a_window_and_the_next_one_a_frame_later(stores):
    parts = read([store_part(stores, "logmel", clips={"normal": 1})])
    panel, *_ = InputVectors(context=3, vectors=4).draw(parts).axes
    drawn = np.asarray(panel.images[0].get_array())
    frames = stored(stores / "logmel.h5", "normal/00000000")
    first = (len(frames) - 2 - 4) // 2
    assert drawn.shape == (3 * frames.shape[1], 4)
    for place, column in enumerate(drawn.T):
        start = first + place
        np.testing.assert_array_equal(column, frames[start : start + 3].ravel())


def test_every_clip_has_a_panel(stores):
    parts = read([store_part(stores, "logmel"), store_part(stores, "matlab")])
    titles = [panel.get_title() for panel in InputVectors().draw(parts).axes if panel.images]
    assert len(titles) == 4
