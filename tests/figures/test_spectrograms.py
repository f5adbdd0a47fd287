"""Spectrograms show the numbers of the store, at the seconds and frequencies they belong to."""

import numpy as np
import pytest

from figures.parts import TONE_HZ, store_part, stored
from mimii_bench.figures.from_stores import read
from mimii_bench.figures.spectrograms import Spectrograms


@pytest.mark.parametrize("name", ["logmel", "matlab", "magnitude", "complex", "ims"])
def test_a_tone_stands_at_its_second_and_its_frequency(stores, name):
    panel, *_ = Spectrograms().draw(read([store_part(stores, name)])).axes
    image = panel.images[0]
    pixels, (left, right, low, high) = image.get_array(), image.get_extent()
    row, column = np.unravel_index(pixels.argmax(), pixels.shape)
    assert left + (column + 0.5) * (right - left) / pixels.shape[1] >= 4.9
    quiet = pixels[row, : int(4.8 * pixels.shape[1] / right)]
    assert quiet.max() < pixels[row, column] - 2
    names = [label.get_text() for label in panel.get_yticklabels()]
    if name == "ims":
        assert names.pop() == "40 filters"
    hertz = [float(text.replace("k", "e3")) for text in names]
    ticks = panel.get_yticks()[: len(hertz)]
    bin_ = low + (row + 0.5) * (high - low) / pixels.shape[0]
    # Between the marks, mel bands are wider than straight lines say.
    assert np.interp(bin_, ticks, hertz) == pytest.approx(TONE_HZ, rel=0.1)
    assert image.origin == "lower"


def test_what_is_drawn_are_the_numbers_of_the_store(stores):
    panel, *_ = (
        Spectrograms().draw(read([store_part(stores, "logmel", clips={"abnormal": 1})])).axes
    )
    frames = stored(stores / "logmel.h5", "abnormal/00000000")
    np.testing.assert_array_equal(panel.images[0].get_array(), frames.T)


def test_the_clips_of_a_part_share_their_colours_and_parts_do_not(stores):
    figure = Spectrograms().draw(read([store_part(stores, "logmel"), store_part(stores, "matlab")]))
    images = [panel.images[0] for panel in figure.axes if panel.images]
    limits = [image.get_clim() for image in images]
    assert limits[0] == limits[1] != limits[2] == limits[3]
    assert [panel.get_title() for panel in figure.axes[:2]] == [
        "normal, fan 00",
        "abnormal, fan 00",
    ]


def test_sinc_filters_have_colours_of_their_own(stores):
    ((clip, _),) = read([store_part(stores, "ims")])
    assert clip.scale.rest == "40 filters"
    panel, *_ = Spectrograms().draw([[clip]]).axes
    mel, sinc = panel.images
    assert [*mel.get_extent()[2:], *sinc.get_extent()[2:]] == [-0.5, 127.5, 127.5, 167.5]
    assert mel.get_clim() != sinc.get_clim()
    magnitudes = stored(stores / "ims.h5", "normal/00000000")[:, 128:]
    loud = magnitudes > 1e-3
    drawn = sinc.get_array().T[loud]
    np.testing.assert_allclose(drawn, 2 * np.log10(magnitudes[loud]), atol=1e-4)
