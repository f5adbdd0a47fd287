"""Published numbers beside ours: the rows of `all.csv`, and each table as it was printed."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from mimii_bench.evaluation.intervals import Estimate, Printed
from mimii_bench.reports import columns, unprinted
from mimii_bench.reports.published import Cell, names_place
from mimii_bench.reports.recipes import is_supervised
from mimii_bench.util.atomic import replacing
from mimii_bench.util.checksums import add_to_sums, verify

#: The metric of a count that depends on no recording.
PARAMETERS = "parameters"
#: What `corpora` says of one on which the printed numbers are of another draw of test clips.
OTHER_CLIPS = "drawn"


class Setting(NamedTuple):
    """Under what our numbers were made, and under what the printed ones were.

    Attributes
    ----------
    corpus, budget : str
        Of our numbers.
    complete : bool
        Whether trainings had the report's own length.
    spec : mapping
        Of report.yaml: its `corpora`, with what of its test clips is known, the `runs` of a printed
        number, which of its `systems` are `supervised`, and its `tables`, each with a `caption`,
        whether it is `comparable` at all, the `reason` where it is not, and cells that are an
        `exceptions` to it.
    """

    corpus: str
    budget: str
    complete: bool
    spec: Mapping

    def described(self, table: str) -> Mapping:
        """Return what is said of a table, printed or not."""
        return unprinted.DESCRIPTION if table == unprinted.TABLE else self.spec["tables"][table]

    def comparable(self, cell: Cell) -> bool:
        """Tell whether corpus, split and budget are those of a cell's printed number.

        Of weights they need not be: these are counted in a network, whatever it was trained on.
        """
        said = self.described(cell.table)
        excepted = any(_exceptions(said, cell.row, cell.column))
        of_it = self.is_the_report_s or cell.metric == PARAMETERS
        return of_it and said["comparable"] and not excepted

    @property
    def is_the_report_s(self) -> bool:
        """Whether corpus and budget are the report's own: what is found under others is of them."""
        return self.corpus in self.spec["corpora"] and self.complete

    def printed(self, cell: Cell) -> Printed:
        """Return what a printed number rests on; on a corpus that is not named, on other clips."""
        drawn = self.spec["corpora"].get(self.corpus, OTHER_CLIPS) == OTHER_CLIPS
        return Printed(drawn, self.spec.get("runs", 1), cell.half_unit)

    def note(self, cells: pd.DataFrame) -> str:
        """Return what stands above a table of these rows of all.csv."""
        notes = [self._origin(cells), *self._reasons(cells), *self._supervision(cells)]
        return " ".join(notes)

    def shows_published(self, cells: pd.DataFrame) -> bool:
        """Tell whether printed numbers may stand beside ours."""
        return self.corpus != "simulated" or (cells["metric"] == PARAMETERS).all()

    def _origin(self, cells: pd.DataFrame) -> str:
        if (cells["metric"] == PARAMETERS).all():
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
        if not self.shows_published(cells) or (cells["metric"] == PARAMETERS).all():
            return
        name = cells["table"].iloc[0]
        table = self.described(name)
        places = list(zip(cells["row"], cells["column"], strict=True))
        among = [exception for place in places for exception in _exceptions(table, *place)]
        for reason in dict.fromkeys(exception["reason"] for exception in among):
            yield f"In part not comparable: {reason}."
        comparable = all(
            self.comparable(Cell(name, *at)) for at in places if not _exceptions(table, *at)
        )
        if not comparable:
            reason = table.get("reason", "corpus, split or budget differ from the report's")
            yield f"Not comparable: {reason}."

    def _supervision(self, cells: pd.DataFrame) -> Iterator[str]:
        taught = {name for name in cells["system"].unique() if self.supervised(name)}
        if taught:
            yield f"Supervised, trained on abnormal clips too: {', '.join(sorted(taught))}."

    def supervised(self, system: str) -> bool:
        """Tell whether one of the report's systems learns from abnormal clips."""
        return is_supervised(self.spec, system)


def _exceptions(table: Mapping, row: str, column: str) -> list[Mapping]:
    """Return the exceptions that name a cell by its row, its column, or both."""
    return [said for said in table.get("exceptions", ()) if names_place(said, row, column)]


def compared(
    report: str, cells: Sequence[Cell], estimates: Sequence[Estimate | None], setting: Setting
) -> pd.DataFrame:
    """Return the report's rows of all.csv.

    Parameters
    ----------
    report : str
        Its key.
    cells : sequence of Cell
    estimates : sequence of Estimate or None
        Our number for each cell, None where the corpus does not allow one. A cell that is neither
        printed nor reproduced is left out.
    setting : Setting
    """
    pairs = zip(cells, estimates, strict=True)
    rows = [
        _row(report, cell, ours, setting) for cell, ours in pairs if ours or cell.published != ""
    ]
    return pd.DataFrame(rows, columns=columns.LONG).astype({columns.SEEDS: "Int64"})


def _row(report: str, cell: Cell, ours: Estimate | None, setting: Setting) -> dict:
    numbers = ours or Estimate(None)
    return {
        **cell._asdict(),
        columns.REPORT: report,
        columns.PUBLISHED: cell.value,
        columns.REPRODUCED: numbers.value,
        columns.CI_LOW: numbers.low,
        columns.CI_HIGH: numbers.high,
        columns.PI_LOW: numbers.pi_low,
        columns.PI_HIGH: numbers.pi_high,
        columns.SEEDS: numbers.seeds,
        columns.CORPUS: setting.corpus if ours else "",
        columns.STATUS: _status(cell.value, ours, setting.comparable(cell)),
    }


def _status(published: float | None, ours: Estimate | None, comparable: bool) -> str:
    if ours is None:
        return "published_only"
    if published is None:
        return "reproduced_only"
    if not comparable:
        return "not_comparable"
    if ours.seeds is None:
        return "agrees" if published == ours.value else "differs"
    # One seed says nothing of how far another run may lie.
    if ours.pi_low is None:
        return "not_comparable"
    return "agrees" if ours.pi_low <= published <= ours.pi_high else "differs"


def write_long(rows: pd.DataFrame, path: Path | str) -> None:
    """Write rows of all.csv, numbers to six decimals and counts as integers; and a checksum."""
    text = as_text(rows)
    with replacing(path) as part:
        text.to_csv(part, index=False, lineterminator="\n")
    add_to_sums(path)


def as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of all.csv with their numbers as they are written."""
    return rows.assign(**{column: rows[column].map(_number) for column in columns.NUMBERS})


def _number(value: float | None) -> str:
    return "" if pd.isna(value) else f"{value:.6f}".rstrip("0").rstrip(".")


def merge(paths: Sequence[Path | str], key: Sequence[str], path: Path | str) -> None:
    """Write the rows of several reports as one table.

    Raises ValueError for a repeated key, and UserError for a file that is not as it was written.
    """
    key = list(key)
    for source in paths:
        verify(source)
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
            title = f"### {setting.described(table)['caption']}"
            # As text: a row called 0.10 would be printed as 0.1.
            body = grid.to_markdown(disable_numparse=True)
            text = "\n\n".join([title, setting.note(cells), body])
            (part / f"{table}.md").write_text(text + "\n")


def layout(rows: pd.DataFrame, published: bool) -> pd.DataFrame:
    """Return one table as printed: its rows and columns, `ours [low, high] (published)` inside."""
    cells = rows.assign(text=[_text(row, published) for row in rows.to_dict("records")])
    grid = cells.pivot(index="row", columns="column", values="text").fillna("")
    return grid.reindex(index=rows["row"].unique(), columns=rows["column"].unique())


def _text(row: Mapping, published: bool) -> str:
    """Return what stands in a cell of a printed table."""
    ours, low, high = (row[key] for key in (columns.REPRODUCED, columns.CI_LOW, columns.CI_HIGH))
    parts = []
    if not pd.isna(ours):
        parts.append(_plain(ours) if pd.isna(low) else f"{ours:.3f} [{low:.3f}, {high:.3f}]")
    if published and not pd.isna(row[columns.PUBLISHED]):
        parts.append(f"({_plain(row[columns.PUBLISHED])})")
    return " ".join(parts)


def _plain(number: float) -> str:
    """Return a number to six digits, or a count with all of its own."""
    return str(int(number)) if float(number).is_integer() else f"{number:.6g}"
