"""Published numbers beside ours: the rows of `all.csv`, and each table as it was printed."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from mimii_bench.evaluation.estimates import Estimate
from mimii_bench.reports.published import COLUMNS as CELL
from mimii_bench.reports.published import read_cells
from mimii_bench.util.atomic import replacing

#: The columns of all.csv, in their order.
COLUMNS = (
    *("report", "table", "row", "column", "machine", "snr", "id", "system", "variant", "metric"),
    *("published", "reproduced", "ci_low", "ci_high", "seeds", "corpus", "status"),
)
KEY = ["report", "table", "row", "column"]
#: The metric of a count that depends on no recording.
WEIGHTS = "parameters"
_NUMBERS = COLUMNS[10:14]


class Setting(NamedTuple):
    """Under what our numbers were made, and under what the printed ones were.

    `complete`: trainings had the report's own length. `spec` is report.yaml's: its `corpora`,
    which of its `systems` are `supervised`, and its `tables`, each with a `caption`, whether it is
    `comparable` at all, the `reason` where it is not, and cells that are an `exceptions` to it.
    """

    corpus: str
    budget: str
    complete: bool
    spec: Mapping

    def comparable(self, cell: Mapping[str, str]) -> bool:
        """Tell whether corpus, split and budget are those of a cell's printed number."""
        table = self.spec["tables"][cell["table"]]
        same = self.corpus in self.spec["corpora"] and self.complete
        return same and table["comparable"] and not any(_exceptions(table, cell))

    def note(self, cells: pd.DataFrame) -> str:
        """Return what stands above a table of these rows of all.csv."""
        notes = [self._origin(cells), *self._reasons(cells), *self._supervision(cells)]
        return " ".join(notes)

    def shows_published(self, cells: pd.DataFrame) -> bool:
        """Tell whether printed numbers may stand beside ours."""
        return self.corpus != "simulated" or (cells["metric"] == WEIGHTS).all()

    def _origin(self, cells: pd.DataFrame) -> str:
        if (cells["metric"] == WEIGHTS).all():
            return (
                "Ours counted in the networks, whatever the recordings; published in parentheses."
            )
        origin = f"Ours from the {self.corpus} corpus, budget {self.budget}, with 95 % intervals"
        if self.shows_published(cells):
            return f"{origin}; published in parentheses."
        return (
            f"{origin}. **Simulated recordings: these numbers say nothing about the published "
            "ones, which are left out.**"
        )

    def _reasons(self, cells: pd.DataFrame) -> Iterator[str]:
        """Yield why numbers are not comparable, where one could take them to be."""
        if not self.shows_published(cells) or (cells["metric"] == WEIGHTS).all():
            return
        table = self.spec["tables"][cells["table"].iloc[0]]
        rows = cells.to_dict("records")
        among = [exception for cell in rows for exception in _exceptions(table, cell)]
        for reason in dict.fromkeys(exception["reason"] for exception in among):
            yield f"In part not comparable: {reason}."
        if not all(self.comparable(cell) or _exceptions(table, cell) for cell in rows):
            reason = table.get("reason", "corpus, split or budget differ from the report's")
            yield f"Not comparable: {reason}."

    def _supervision(self, cells: pd.DataFrame) -> Iterator[str]:
        taught = {name for name in cells["system"].unique() if self.supervised(name)}
        if taught:
            yield f"Supervised, trained on abnormal clips too: {', '.join(sorted(taught))}."

    def supervised(self, system: str) -> bool:
        """Tell whether one of the report's systems learns from abnormal clips."""
        return self.spec.get("systems", {}).get(system, {}).get("supervised", False)


def _exceptions(table: Mapping, cell: Mapping[str, str]) -> list[Mapping]:
    """Return the exceptions that name a cell by its row, its column, or both."""
    return [
        exception
        for exception in table.get("exceptions", ())
        if all(exception.get(key, cell[key]) == cell[key] for key in ("row", "column"))
    ]


def read_published(path: Path | str | None) -> pd.DataFrame:
    """Return a report's cells: every printed number, and cells that only we fill (NaN).

    None where the report has no such file.
    """
    cells = pd.DataFrame(read_cells(path) if path else [], columns=CELL)
    return cells.assign(published=pd.to_numeric(cells["published"]))


def compare(
    report: str,
    cells: pd.DataFrame,
    reproduce: Callable[[Mapping[str, str]], Estimate | None],
    setting: Setting,
) -> pd.DataFrame:
    """Return the report's rows of all.csv.

    `reproduce` gives our estimate for a cell, None where the corpus does not allow one. A cell
    that is neither printed nor reproduced is left out.
    """
    rows = []
    for cell in cells.to_dict("records"):
        ours = reproduce(cell)
        published = None if pd.isna(cell["published"]) else cell["published"]
        if ours is None and published is None:
            continue
        numbers = ours or Estimate(*[None] * 4)
        rows.append(
            {
                **cell,
                "report": report,
                "published": published,
                "reproduced": numbers.value,
                "ci_low": numbers.low,
                "ci_high": numbers.high,
                "seeds": numbers.seeds,
                "corpus": setting.corpus if ours else "",
                "status": _status(published, ours, setting.comparable(cell)),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS).astype({"seeds": "Int64"})


def _status(published: float | None, ours: Estimate | None, comparable: bool) -> str:
    if ours is None:
        return "published_only"
    if published is None:
        return "reproduced_only"
    if not comparable:
        return "not_comparable"
    low, high = (ours.value, ours.value) if ours.low is None else (ours.low, ours.high)
    return "agrees" if low <= published <= high else "differs"


def write_long(rows: pd.DataFrame, path: Path | str) -> None:
    """Write rows of all.csv, numbers to six decimals and counts as integers."""
    text = rows.assign(**{column: rows[column].map(_number) for column in _NUMBERS})
    with replacing(path) as part:
        text.to_csv(part, index=False, lineterminator="\n")


def _number(value: float | None) -> str:
    return "" if pd.isna(value) else f"{value:.6f}".rstrip("0").rstrip(".")


def merge(paths: list[Path | str], key: list[str], path: Path | str) -> None:
    """Write the rows of several reports as one table; raises ValueError for a repeated key."""
    rows = pd.concat([pd.read_csv(source, dtype=str, keep_default_na=False) for source in paths])
    if rows.duplicated(key).any():
        raise ValueError(f"{path}: a key stands twice: {rows[rows.duplicated(key)][key]}")
    with replacing(path) as part:
        rows.to_csv(part, index=False, lineterminator="\n")


def write_printed(rows: pd.DataFrame, setting: Setting, folder: Path) -> None:
    """Write every table of a report as `{table}.csv` and `{table}.md`, laid out as printed."""
    with replacing(folder) as part:
        part.mkdir()
        for table, cells in rows.groupby("table", sort=False):
            grid = layout(cells, setting.shows_published(cells))
            grid.to_csv(part / f"{table}.csv", lineterminator="\n")
            title = f"### {setting.spec['tables'][table]['caption']}"
            # As text: a row called 0.10 would be printed as 0.1.
            body = grid.to_markdown(disable_numparse=True)
            text = "\n\n".join([title, setting.note(cells), body])
            (part / f"{table}.md").write_text(text + "\n")


def layout(rows: pd.DataFrame, published: bool) -> pd.DataFrame:
    """Return one table as printed: its rows and columns, `ours [low, high] (published)` inside."""
    cells = rows.assign(text=[_cell(row, published) for row in rows.itertuples()])
    grid = cells.pivot(index="row", columns="column", values="text").fillna("")
    return grid.reindex(index=rows["row"].unique(), columns=rows["column"].unique())


def _cell(row, published: bool) -> str:
    parts = []
    if not pd.isna(row.reproduced):
        counted = pd.isna(row.ci_low)
        parts.append(f"{row.reproduced:.6g}" if counted else f"{row.reproduced:.3f} {_range(row)}")
    if published and not pd.isna(row.published):
        parts.append(f"({row.published:.6g})")
    return " ".join(parts)


def _range(row) -> str:
    return f"[{row.ci_low:.3f}, {row.ci_high:.3f}]"
