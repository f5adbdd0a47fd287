"""The listening room in a browser: a clip is played to a cursor that moves."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from made_up_room import SECONDS, told_of, write_room
from made_up_run import facts, files, write_run
from mimii_bench.listening.pictures import LEFT, RIGHT
from mimii_bench.page.page import write_page

pytestmark = pytest.mark.browser

PLAYING = "[...document.querySelectorAll('audio')].filter(one => !one.paused).length"
VIEW = ".room:visible .view >> nth={}"


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    """The page of a made-up run with clips of two machines to hear."""
    folder = tmp_path_factory.mktemp("results")
    write_run(folder)
    rooms = [write_room(folder, machine) for machine in ("fan", "valve")]
    write_page(facts(listening=told_of(*rooms)), files(folder), folder / "index.html")
    return folder / "index.html"


def heard(tab):
    """What is to be seen: machine and SNR of each room."""
    return tab.locator(".room:visible h3").all_inner_texts()


def wait_until_playing(tab, count):
    """Wait until so many sounds play; the page's policy lets no condition wait inside it."""
    for _ in range(100):
        if tab.evaluate(PLAYING) == count:
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"{tab.evaluate(PLAYING)} sounds play, not {count}")


def place_of(tab, view):
    """Where the cursor of a picture stands, as a share of its time axis."""
    left = tab.locator(f"{VIEW.format(view)} >> .cursor").evaluate("one => one.style.left")
    return (float(left.rstrip("%")) / 100 - LEFT) / (RIGHT - LEFT)


def test_a_clip_is_played_to_a_moving_cursor(watched):
    page = watched()
    tab = page.open("#listening")
    assert tab.locator(".cursor:visible").count() == 0
    tab.locator(".room:visible audio").first.evaluate("one => one.play()")
    tab.wait_for_timeout(300)
    first = place_of(tab, 0)
    tab.wait_for_timeout(500)
    second = place_of(tab, 0)
    assert 0 <= first < second <= 1
    now, length = tab.locator(".room:visible audio").first.evaluate(
        "one => [one.currentTime, one.duration]"
    )
    assert length == pytest.approx(SECONDS, abs=0.01)
    assert second == pytest.approx(now / SECONDS, abs=0.2)
    wait_until_playing(tab, 0)
    assert place_of(tab, 0) == pytest.approx(1, abs=0.05)
    assert page.said == []
    assert page.outside == []


def test_the_cursor_stands_over_both_axes(watched):
    tab = watched().open("#listening")
    tab.focus(VIEW.format(0))
    tab.keyboard.press("End")
    box, line = (
        tab.locator(f"{VIEW.format(0)}{part}").bounding_box() for part in ("", " >> .cursor")
    )
    assert line["height"] > 0.7 * box["height"]
    assert line["x"] == pytest.approx(box["x"] + RIGHT * box["width"], abs=4)


def test_a_place_of_the_picture_is_played_from(watched):
    tab = watched().open("#listening")
    box = tab.locator(VIEW.format(1)).bounding_box()
    middle = (LEFT + RIGHT) / 2 * box["width"]
    tab.click(VIEW.format(1), position={"x": middle, "y": 20})
    wait_until_playing(tab, 1)
    assert 0.45 <= place_of(tab, 1) <= 0.9
    # Another one ends it.
    tab.click(VIEW.format(0), position={"x": middle, "y": 20})
    tab.wait_for_timeout(200)
    assert tab.evaluate(PLAYING) == 1


def test_keys_seek_and_play(watched):
    tab = watched().open("#listening")
    tab.focus(VIEW.format(0))
    view = tab.locator(VIEW.format(0))
    assert view.get_attribute("role") == "slider"
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    assert view.get_attribute("aria-valuetext") == "1.0 s"
    assert place_of(tab, 0) == pytest.approx(0.5, abs=0.01)
    tab.keyboard.press("ArrowLeft")
    assert place_of(tab, 0) == pytest.approx(0.25, abs=0.01)
    tab.keyboard.press("Home")
    assert place_of(tab, 0) == pytest.approx(0, abs=0.01)
    tab.keyboard.press("Enter")
    wait_until_playing(tab, 1)
    tab.keyboard.press("Space")
    assert tab.evaluate(PLAYING) == 0


def test_a_machine_and_a_ratio_are_shown_and_stand_in_the_address(watched):
    tab = watched().open("#listening")
    assert heard(tab) == ["fan, \N{MINUS SIGN}6 dB"]
    tab.select_option("form.choose select[name=machine]", "valve")
    tab.select_option("form.choose select[name=snr]", "6dB")
    assert heard(tab) == ["valve, 6 dB"]
    assert tab.evaluate("location.hash") == "#listening?machine=valve&snr=6dB"


def test_a_link_leads_to_a_machine_and_a_ratio(watched):
    tab = watched().open("#listening?machine=valve&snr=-6dB")
    assert heard(tab) == ["valve, \N{MINUS SIGN}6 dB"]
    tab.evaluate("location.hash = '#listening?machine=fan&snr=6dB'")
    tab.wait_for_timeout(100)
    assert heard(tab) == ["fan, 6 dB"]
    tab.evaluate("location.hash = '#listening?machine=nothing'")
    tab.wait_for_timeout(100)
    assert heard(tab) == ["fan, 6 dB"]


def test_what_is_no_longer_seen_is_no_longer_heard(watched):
    tab = watched().open("#listening")
    tab.locator(".room:visible audio").first.evaluate("one => one.play()")
    tab.select_option("form.choose select[name=machine]", "valve")
    assert tab.evaluate(PLAYING) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280, 1920])
def test_nothing_hinders_those_who_read_otherwise(watched, width, scheme):
    page = watched(width, scheme)
    tab = page.open("#listening")
    found = Axe().run(tab, context="#listening").response["violations"]
    serious = [
        (one["id"], [node["html"][:200] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert page.said == []


def test_without_a_script_all_can_be_heard(watched):
    page = watched(java_script_enabled=False)
    page.tab.goto(f"file://{page.file}#listening")
    assert page.tab.locator("audio:visible").count() == 16
    assert page.tab.locator("form.choose:visible").count() == 0
