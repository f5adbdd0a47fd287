"""A line for each claim that was computed, in the colour of its verdict."""

from mimii_bench.figures.forest import Claims

NAMES = ("supported", "contradicted", "inconclusive")


def claim(word, low, high):
    verdict = f"not_comparable ({word} here, one training)"
    return {"claim": f"it is {word}", "ci_low": low, "ci_high": high, "verdict": verdict}


def test_each_claim_has_its_interval_its_text_and_its_colour():
    ends = [("0.1", "0.2"), ("-0.3", "-0.1"), ("-0.1", "0.1")]
    rows = [claim(word, *pair) for word, pair in zip(NAMES, ends, strict=True)]
    figure = Claims().draw([[*rows, claim("not_computed", "", "")]])
    (panel,) = figure.axes
    _, *lines = panel.lines
    assert [tuple(line.get_xdata()) for line in lines] == [(0.1, 0.2), (-0.3, -0.1), (-0.1, 0.1)]
    assert len({line.get_color() for line in lines}) == 3
    texts = [label.get_text() for label in panel.get_yticklabels()]
    assert texts == [f"it is {word}" for word in NAMES]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        f"{word} here" for word in NAMES
    ]


def test_no_interval_is_said():
    (panel,) = Claims().draw([[claim("supported", "", "")]]).axes
    assert [text.get_text() for text in panel.texts] == [
        "None of the claims could be computed here."
    ]
