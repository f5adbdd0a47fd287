"""Tables and the picture of contests that were held."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tabulate import tabulate

from speed.contests import Outcome, Verdict

_BEGIN, _END = "<!-- measured -->", "<!-- end of what was measured -->"


def targets_table(outcomes: Sequence[Outcome]) -> str:
    """Return what came of every target, as a Markdown table."""
    headers = ("work", "ratio", "wanted", "median", "least to greatest", "met")
    rows = [_target_row(verdict) for outcome in outcomes for verdict in outcome.verdicts]
    return tabulate(rows, headers, tablefmt="github", disable_numparse=True)


def _target_row(verdict: Verdict) -> tuple[str, ...]:
    target = verdict.target
    return (
        verdict.contest,
        _said(verdict),
        f"{target.bound} {target.wanted:g}",
        f"{verdict.ratio:.2f}",
        f"{verdict.least:.2f} to {verdict.most:.2f}",
        "yes" if verdict.met else "**no**",
    )


def _said(verdict: Verdict) -> str:
    target = verdict.target
    return f"{target.of} / {target.against}" if target.against else target.of


def times_table(outcomes: Sequence[Outcome]) -> str:
    """Return the median of every run, as a Markdown table."""
    rows = [row for outcome in outcomes for row in _time_rows(outcome)]
    headers = ("work", "done by", "median", "unit")
    return tabulate(rows, headers, tablefmt="github", disable_numparse=True)


def _time_rows(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for name, taken in outcome.medians.items():
        yield outcome.contest, name, f"{taken:.3g}", outcome.unit


def put_into(page: Path, text: str) -> None:
    """Replace what stands between the two marks of a page."""
    before, begin, rest = page.read_text().partition(_BEGIN)
    _, end, after = rest.partition(_END)
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}")


def draw(outcomes: Sequence[Outcome], path: Path) -> None:
    """Draw how far from its target each ratio is, on a logarithmic axis; 1 is met exactly."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    verdicts = [verdict for outcome in outcomes for verdict in outcome.verdicts]
    figure, axes = plt.subplots(figsize=(10, 0.6 + 0.3 * len(verdicts)), layout="constrained")
    for place, verdict in enumerate(reversed(verdicts)):
        low, middle, high = (_goodness(verdict, r) for r in _ends(verdict))
        colour = "#0072b2" if verdict.met else "#d55e00"
        axes.plot([low, high], [place, place], color=colour, lw=2)
        axes.plot(middle, place, "o" if verdict.met else "s", color=colour)
    labels = [f"{verdict.contest}: {_said(verdict)}" for verdict in reversed(verdicts)]
    axes.set_yticks(range(len(verdicts)), labels, fontsize=8)
    axes.axvline(1, color="0.4", lw=1)
    axes.set_xscale("log")
    axes.set_xlabel("times as good as its target (from 1 on: met)")
    figure.savefig(path)
    plt.close(figure)


def _ends(verdict: Verdict) -> tuple[float, float, float]:
    return verdict.least, verdict.ratio, verdict.most


def _goodness(verdict: Verdict, ratio: float) -> float:
    target = verdict.target
    return target.wanted / ratio if target.bound == "at most" else ratio / target.wanted
