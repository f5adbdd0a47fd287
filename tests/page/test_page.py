"""The page as a whole: one file, the same bytes, simulated marked, names as text."""

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from made_up_run import HOSTILE, SYSTEMS, facts, files, write_run
from mimii_bench.page import page
from mimii_bench.page.bundle import charts_script
from mimii_bench.page.page import SECTIONS, write_page
from mimii_bench.util.errors import UserError

KEYS = ["run", "leaderboard", "reports", "audit", "listening"]


class Elements(HTMLParser):
    """The elements of a page: tags with attributes, and the text outside scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.scripts, self._inside = [], "", [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self._inside = tag

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside == "script":
            self.scripts.append(data)
        elif self._inside != "style":
            self.text += data


def specs(text):
    """The charts of a page, as Vega-Lite has them."""
    pattern = r'<script type="application/json" class="spec">(.*?)</script>'
    return [json.loads(found) for found in re.findall(pattern, text)]


def test_every_section_stands_there_once_and_in_order(written):
    text = written()
    assert re.findall(r'<section id="(\w+)"', text) == KEYS
    assert len(SECTIONS) == len(KEYS)


def test_the_same_run_gives_the_same_bytes(written, tmp_path):
    first = written()
    assert written() == first


def test_times_change_nothing_but_what_is_marked_as_differing(written, tmp_path):
    """The run's dates and times are the only part that another run of the same has otherwise."""
    before = written()
    for path in (tmp_path / "benchmarks").rglob("*.tsv"):
        path.write_text(path.read_text().replace("120.5", "333.3"))
        os.utime(path, (1_800_000_000, 1_800_000_000))
    write_page(facts(), files(tmp_path), tmp_path / "other.html")
    after = (tmp_path / "other.html").read_text()
    marked = r"<(\w+)[^>]* data-differs>.*?</\1>(?=\n(?:</dl>|</ul>|</section>))"
    assert before != after
    assert re.sub(marked, "", before, flags=re.DOTALL) == re.sub(marked, "", after, flags=re.DOTALL)


def test_simulated_recordings_are_marked_in_every_section_and_picture(written, section_of):
    text = written()
    for key in KEYS:
        assert "Simulated recordings" in section_of(text, key), key
    found = specs(text)
    assert len(found) == 6
    for spec in found:
        assert "simulated recordings" in spec["title"]["text"]
        assert "simulated recordings" in spec["description"]


def test_real_recordings_are_not_called_simulated(written):
    text = written(simulated=False)
    assert "imulated" not in Elements(text).text
    assert all("MIMII recordings" in spec["title"]["text"] for spec in specs(text))


def test_nothing_is_loaded_from_elsewhere(written):
    elements = Elements(written())
    for tag, attributes in elements.tags:
        for name in ("src", "href", "srcset", "action"):
            address = attributes.get(name, "#")
            assert address.startswith(("#", "data:")), (tag, address)


def test_no_chart_loads_its_data(written):
    for spec in specs(written()):
        assert "url" not in json.dumps(spec)


def test_hostile_names_are_text_everywhere(written):
    """In reports, systems, rows, findings, reasons: as text of the page, and in no element."""
    clean = Elements(written(systems=SYSTEMS))
    for name in HOSTILE:
        report = {
            "title": name,
            "source": name,
            "authors": name,
            "story": name,
            "tables": {"table_1": {"caption": name, "comparable": False, "reason": name}},
            "claims": [{"claim": "A beats B", "place": name, "tolerance": None}],
            "figures": [{"name": name, "place": f"figures/{name}.png", "caption": name}],
        }
        corpus = facts()["corpus"] | {
            **{field: [name] for field in ("machines", "snrs", "ids")},
            **{field: name for field in ("called", "own_because")},
        }
        text = written(facts(report=report, corpus=corpus), systems=(name, *SYSTEMS), name=name)
        elements = Elements(text)
        assert elements.text.count(name) >= 21
        assert ("img", name) in [(tag, one.get("alt")) for tag, one in elements.tags]
        kinds = {tag for tag, _ in elements.tags} - {"img"}
        assert kinds <= {tag for tag, _ in clean.tags} | {"p"}
        assert not [one for _, one in elements.tags if any(key.startswith("on") for key in one)]
        assert sum(tag == "script" for tag, _ in elements.tags) == sum(
            tag == "script" for tag, _ in clean.tags
        )
        quoted = json.dumps(name)
        assert any(quoted in json.dumps(spec) for spec in specs(text))


def test_a_figure_that_lies_there_is_shown_by_its_place_below_the_page(written):
    figure = {"name": "roc", "place": "figures/some report/roc.png", "caption": "<b>ROC</b>"}
    elements = Elements(written(facts(report={"figures": [figure]})))
    (picture,) = [one for tag, one in elements.tags if tag == "img"]
    assert picture["src"] == "figures/some%20report/roc.png"
    assert picture["alt"] == "<b>ROC</b>"


def test_a_damaged_table_is_said_in_one_line(tmp_path):
    write_run(tmp_path)
    (tmp_path / "all.csv").write_bytes(b'"report\n')
    with pytest.raises(UserError, match=r"all\.csv: line \d: no valid CSV"):
        write_page(facts(), files(tmp_path), tmp_path / "index.html")
    assert not (tmp_path / "index.html").exists()


def test_the_charting_library_is_the_same_each_time_and_imports_nothing():
    text = charts_script()
    assert "window.vegaEmbed" in text
    assert not re.search(r"^import\b|\bimport\s*\(", text)
    assert text == charts_script()
    assert len(text) < 1_500_000


def test_nothing_in_the_charting_library_ends_its_element(written, monkeypatch):
    odd = 'const one = "</script><p>", two = "<!--<script>";'
    before = Elements(written())
    monkeypatch.setattr(page, "charts_script", lambda: odd)
    write_page(*written.arguments)
    after = Elements(written.arguments[-1].read_text())
    assert [tag for tag, _ in after.tags] == [tag for tag, _ in before.tags]
    assert after.text == before.text


def test_templates_write_no_value_unescaped():
    """But for our own style, our own scripts and the charting library."""
    folder = Path(write_page.__code__.co_filename).parent / "templates"
    marked = [
        line.strip()
        for path in sorted(folder.glob("*.j2"))
        for line in path.read_text().splitlines()
        if re.search(r"\|\s*(safe|xmlattr)|autoescape", line)
    ]
    assert len(marked) == 6
    assert all("inlined(" in line or "{{ charts | " in line for line in marked)
