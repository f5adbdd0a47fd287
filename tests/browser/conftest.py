"""A page of a small run that never was, in a real browser without network."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from made_up_run import facts, files, write_run
from mimii_bench.page.page import write_page

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    """The page of the made-up run, with a picture in the folder of figures."""
    folder = tmp_path_factory.mktemp("results")
    write_run(folder)
    figure = {"name": "roc", "place": "figures/some_report/roc.png", "caption": "ROC curves"}
    place = folder / figure["place"]
    place.parent.mkdir(parents=True)
    place.write_bytes(PNG)
    write_page(facts(report={"figures": [figure]}), files(folder), folder / "index.html")
    return folder / "index.html"


#: One pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fedccc59e70000000049454e44ae426082"
)


class Watched:
    """A page, with what its console said and what it asked for outside its folder."""

    def __init__(self, tab, file):
        self.tab, self.file = tab, file
        self.said, self.outside = [], []
        own = f"file://{file.parent}/"
        tab.on("console", lambda message: self.said.append(message.text))
        tab.on("pageerror", lambda error: self.said.append(str(error)))
        tab.on("request", lambda asked: self._look(asked.url, own))

    def _look(self, address, own):
        if not address.startswith((own, "data:", "blob:")):
            self.outside.append(address)

    def open(self, place=""):
        """Open the page anew at a place, and wait until its charts are drawn."""
        self.tab.goto("about:blank")
        self.tab.goto(f"file://{self.file}{place}")
        self.tab.wait_for_selector("html[data-drawn]", state="attached")
        return self.tab


@pytest.fixture
def watched(browser, page_file):
    """Return a function that opens a tab of a width and colour scheme."""
    contexts = []

    def start(width=1280, scheme="light", height=900, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **options
        )
        contexts.append(context)
        return Watched(context.new_page(), page_file)

    yield start
    for context in contexts:
        context.close()
