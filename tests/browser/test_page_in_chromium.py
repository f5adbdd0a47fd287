"""The page as people use it: read, filtered, sorted, linked to, by mouse and by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

WIDTHS = (400, 1280, 1920)
SCHEMES = ("light", "dark")
SECTIONS = ("run", "leaderboard", "reports", "audit", "listening")
#: Impacts of findings that no page may have.
SERIOUS = ("serious", "critical")


def shown(tab, table):
    """The first cells of the rows of a table that are to be seen."""
    rows = tab.locator(f"#{table}-table tbody tr:visible")
    return rows.evaluate_all("rows => rows.map(row => row.querySelector('th, td').innerText)")


def systems(tab):
    rows = tab.locator("#leaderboard-table tbody tr:visible th")
    return rows.all_inner_texts()


def address(tab):
    return tab.evaluate("location.hash")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_section_opens_without_a_complaint(watched, width, scheme):
    page = watched(width, scheme)
    tab = page.open()
    for key in SECTIONS:
        tab.click(f"nav a[href='#{key}']")
        tab.wait_for_timeout(50)
        assert tab.locator(f"#{key}-title").is_visible()
        top = tab.evaluate(f"document.getElementById('{key}').getBoundingClientRect().top")
        at_the_end = tab.evaluate(
            "innerHeight + scrollY >= document.documentElement.scrollHeight - 2"
        )
        assert -5 <= top <= 120 or at_the_end, key
        if not at_the_end:
            assert tab.locator("nav a[aria-current]").get_attribute("href") == f"#{key}"
    for summary in tab.locator("details:not([open]) > summary").all():
        summary.click()
    tab.wait_for_timeout(400)
    assert tab.locator("details:not([open])").count() == 0
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    # A name that is squeezed stands letter below letter.
    narrow = "names => names.filter(one => one.offsetWidth && one.offsetWidth < 100).length"
    assert tab.locator("tbody th").evaluate_all(narrow) == 0
    for plot in tab.locator("figure.chart .plot").all():
        assert plot.locator("svg").count() == 1
        assert plot.bounding_box()["height"] > 100
    assert page.said == []
    assert page.outside == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_hinders_those_who_read_otherwise(watched, width, scheme):
    tab = watched(width, scheme).open("#reports?report=some_report")
    found = Axe().run(tab).response["violations"]
    serious = [
        (one["id"], [node["html"][:200] for node in one["nodes"]])
        for one in found
        if one["impact"] in SERIOUS
    ]
    assert serious == []


def test_it_is_painted_within_two_seconds(watched):
    tab = watched().open()
    paints = tab.evaluate(
        "performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)"
    )
    assert len(paints) == 1
    assert paints[0] < 2000


def test_filters_leave_what_is_chosen_and_stand_in_the_address(watched):
    tab = watched().open()
    assert systems(tab) == ["dense_ae", "gmm", "knn:nearest", "taught"]
    before = tab.locator("#leaderboard-table tbody tr:visible").first.inner_text()
    tab.select_option("#leaderboard select[name=machine]", "fan")
    tab.select_option("#leaderboard select[name=supervised]", "no")
    assert sorted(systems(tab)) == ["dense_ae", "gmm", "knn:nearest"]
    assert tab.locator("#leaderboard-table tbody tr:visible").first.inner_text() != before
    assert address(tab) == "#leaderboard?machine=fan&supervised=no"
    assert tab.locator("#leaderboard .shown").inner_text() == "3 rows"
    tab.click("#leaderboard button[type=reset]")
    tab.wait_for_timeout(50)
    assert len(systems(tab)) == 4
    assert address(tab) == "#leaderboard"


def test_pictures_show_what_the_filters_leave(watched):
    tab = watched().open()
    cells = "#leaderboard figure.chart >> nth=0 >> .layer_0_marks path"
    assert tab.locator(cells).count() == 4 * 4
    tab.select_option("#leaderboard select[name=machine]", "fan")
    tab.select_option("#leaderboard select[name=supervised]", "no")
    tab.wait_for_timeout(300)
    assert tab.locator(cells).count() == 3 * 2


def test_a_link_restores_filters_and_order(watched):
    tab = watched().open("#leaderboard?machine=valve&supervised=no&sort=-system")
    assert systems(tab) == ["knn:nearest", "gmm", "dense_ae"]
    assert tab.locator("#leaderboard select[name=machine]").input_value() == "valve"
    assert tab.evaluate("document.getElementById('leaderboard').getBoundingClientRect().top") < 120
    tab.evaluate("location.hash = '#audit?kind=fact'")
    tab.wait_for_timeout(100)
    assert shown(tab, "audit") == ["fact"]
    assert tab.locator("#leaderboard select[name=machine]").input_value() == "valve"


def test_a_link_leads_there_though_pictures_above_are_drawn_later(watched):
    tab = watched(height=500).open("#audit")
    tab.wait_for_timeout(200)
    place = tab.evaluate("document.getElementById('audit').getBoundingClientRect().top")
    assert -5 <= place <= 120 or tab.evaluate(
        "innerHeight + scrollY >= document.documentElement.scrollHeight - 2"
    )


@pytest.mark.parametrize(
    "place", ["#nowhere", "#leaderboard?machine=%3Cimg%3E&sort=nothing", "#%E0%A4%A", "#?"]
)
def test_a_link_to_nothing_does_nothing(watched, place):
    page = watched()
    tab = page.open(place)
    assert len(systems(tab)) == 4
    assert page.said == []


def test_a_link_to_a_report_opens_it(watched):
    tab = watched().open("#reports?report=some_report")
    assert tab.locator("details.report[open]").count() == 1
    assert tab.locator("#report-some_report svg").first.is_visible()
    tab.click("#report-some_report > summary")
    assert address(tab) == "#reports"
    tab.click("#report-some_report > summary")
    assert address(tab) == "#reports?report=some_report"


def test_headers_sort_numbers_as_numbers_and_turn_round(watched):
    tab = watched().open()
    button = tab.locator("#leaderboard-table th[data-key=parameters] button")
    button.click()
    assert systems(tab) == ["dense_ae", "gmm", "knn:nearest", "taught"]
    button.click()
    assert systems(tab) == ["taught", "knn:nearest", "gmm", "dense_ae"]
    head = tab.locator("#leaderboard-table th[data-key=parameters]")
    assert head.get_attribute("aria-sort") == "descending"
    assert tab.locator("#leaderboard-table th[aria-sort]").count() == 1
    assert address(tab) == "#leaderboard?sort=-parameters"


def test_the_keyboard_alone_reaches_and_works_everything(watched):
    tab = watched().open()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.locator(".skip").bounding_box()["x"] >= 0
    tab.keyboard.press("Enter")
    reached = set()
    for _ in range(120):
        tab.keyboard.press("Tab")
        name = tab.evaluate(
            "() => { const one = document.activeElement;"
            " return one === document.body ? 'BODY' : one.name || one.innerText || one.tagName }"
        )
        outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        if name == "BODY":
            break
        assert outline != "none", name
        reached.add(name)
    assert {"machine", "snr", "supervised", "kind", "report", "AUC", "show all"} <= reached
    # A filter, an order and a report, by keys.
    tab.focus("#leaderboard select[name=machine]")
    tab.keyboard.press("ArrowDown")
    assert address(tab) == "#leaderboard?machine=fan"
    tab.focus("#leaderboard-table th[data-key=system] button")
    tab.keyboard.press("Enter")
    assert systems(tab) == ["dense_ae", "gmm", "knn:nearest", "taught"]
    tab.keyboard.press("Space")
    assert systems(tab) == ["taught", "knn:nearest", "gmm", "dense_ae"]
    tab.focus("#report-some_report > summary")
    tab.keyboard.press("Enter")
    assert tab.locator("details.report[open]").count() == 1


def test_without_a_script_it_is_a_document_to_read(watched):
    page = watched(java_script_enabled=False)
    page.tab.goto(f"file://{page.file}")
    assert page.tab.locator("#leaderboard-table tbody tr:visible").count() == 4
    assert page.tab.locator("form.filters:visible").count() == 0
    assert page.tab.locator("#audit-table tbody tr:visible").count() == 4


def test_on_paper_all_is_open_and_in_dark_ink(watched):
    page = watched(scheme="dark")
    tab = page.open()
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("details:not([open])").count() == 0
    assert tab.locator("nav:visible, form.filters:visible").count() == 0
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_another_width_and_scheme_draw_again(watched):
    page = watched()
    tab = page.open()
    plot = tab.locator("#leaderboard .charts .plot svg").first
    before = plot.bounding_box()["width"]
    tab.set_viewport_size({"width": 400, "height": 900})
    tab.wait_for_timeout(700)
    assert plot.bounding_box()["width"] != before
    light = tab.locator("#leaderboard .plot .role-axis-label text").first.evaluate(
        "one => one.getAttribute('fill')"
    )
    tab.emulate_media(color_scheme="dark")
    tab.wait_for_timeout(1000)
    dark = tab.locator("#leaderboard .plot .role-axis-label text").first.evaluate(
        "one => one.getAttribute('fill')"
    )
    assert light != dark
    assert page.said == []
