"""A picture is the same bytes every time, says what it must, and takes no wrong argument."""

import os
import subprocess
import sys

import matplotlib
import pytest
from PIL import Image

from figures.pictures import pixels, scored
from mimii_bench.figures.canvas import panels, row_of_panels, write
from mimii_bench.figures.scores import ConfusionChart, Histogram, Roc
from samples import ROOT

DRAW = """
from figures.pictures import scored
from mimii_bench.figures.canvas import write
from mimii_bench.figures.scores import Histogram
write(
    Histogram(), [scored(), scored()], *{paths!r},
    caption="A caption", note="simulated recordings",
)
"""


def drawn(path, caption="A caption", note="simulated recordings"):
    write(Histogram(), [scored(), scored()], path, caption=caption, note=note)
    return path.read_bytes()


def test_processes_with_other_hashes_days_and_backends_draw_the_same_bytes(tmp_path):
    paths = [tmp_path / f"{hash_seed}.png" for hash_seed in (1, 2)]
    vectors = [path.with_suffix(".svg") for path in paths]
    for hash_seed, (path, backend) in enumerate(zip(paths, ("svg", "pdf"), strict=True), 1):
        environment = os.environ | {
            "PYTHONHASHSEED": str(hash_seed),
            "PYTHONPATH": f"{ROOT}/src:{ROOT}/tests",
            "MPLBACKEND": backend,
            "SOURCE_DATE_EPOCH": str(hash_seed * 10**8),
        }
        code = DRAW.format(paths=[str(path), str(path.with_suffix(".svg"))])
        subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert paths[0].read_bytes() == paths[1].read_bytes() == drawn(tmp_path / "here.png")
    assert vectors[0].read_bytes() == vectors[1].read_bytes()
    assert b"A caption" in vectors[0].read_bytes()
    assert b"dc:date" not in vectors[0].read_bytes()


def test_no_matplotlibrc_is_followed_and_settings_are_left_as_they_were(tmp_path):
    plain = drawn(tmp_path / "plain.png")
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "yellow", "savefig.dpi": 30}):
        assert drawn(tmp_path / "odd.png") == plain
        assert matplotlib.rcParams["font.size"] == 20


@pytest.mark.parametrize("name", [r"$\frac$ of $5", r"$a_1^2 \alpha$"])
def test_names_are_drawn_as_they_are_written(tmp_path, name):
    text = drawn(tmp_path / "picture.svg", caption=name).decode()
    # Letters are outlines, with their text as a remark.
    assert f"<!-- {name} -->" in text


def test_the_file_holds_the_caption_and_no_date(tmp_path):
    drawn(tmp_path / "picture.png", caption="Luzón-Álvarez, AUC ≥ .5")
    with Image.open(tmp_path / "picture.png") as image:
        assert image.text == {"Title": "Luzón-Álvarez, AUC ≥ .5"}
        assert image.format == "PNG"


@pytest.mark.parametrize("change", [{"note": "MIMII recordings"}, {"caption": "Another"}])
def test_caption_and_note_are_seen(tmp_path, change):
    drawn(tmp_path / "one.png")
    drawn(tmp_path / "two.png", **change)
    one, two = pixels(tmp_path / "one.png"), pixels(tmp_path / "two.png")
    assert one.shape == two.shape
    # In the text above the panels, and nowhere else.
    rows = (one != two).any(axis=(1, 2)).nonzero()[0]
    assert len(rows) > 5
    assert rows.max() < 0.2 * len(one)


def test_a_long_caption_is_wrapped_inside_the_picture(tmp_path):
    drawn(tmp_path / "picture.png", caption="word " * 60)
    image = pixels(tmp_path / "picture.png")
    assert (image[:, -5:] == 255).all()


@pytest.mark.parametrize("plot", [Histogram, ConfusionChart, Roc])
@pytest.mark.parametrize("count", [1, 4, 5])
def test_nothing_is_cut_off_or_drawn_over_the_caption(tmp_path, plot, count):
    parts = [scored(title=f"a long title {k}") for k in range(count)]
    images = []
    for note in ("simulated recordings", " "):
        write(plot(), parts, tmp_path / "picture.png", caption="A caption", note=note)
        images.append(pixels(tmp_path / "picture.png"))
    image, unnoted = images
    border = [image[:3], image[-3:], image[:, :3], image[:, -3:]]
    assert all((edge == 255).all() for edge in border)
    rows = (image != unnoted).any(axis=(1, 2)).nonzero()[0]
    strip = unnoted[rows.min() : rows.max() + 1]
    assert len(rows) > 5
    assert (strip == 255).all()


def test_panels_are_counted_and_grow_the_picture():
    figure, axes = row_of_panels(5, (2.0, 1.0), most=3)
    assert len(axes) == len(figure.axes) == 5
    assert axes[3].get_subplotspec().rowspan.start == 1
    wide, _ = panels(1, 4, (2.0, 1.0))
    assert wide.get_figwidth() > figure.get_figwidth()
