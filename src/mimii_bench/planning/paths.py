"""Every path under the results folder, written once.

A pattern holds its wildcards in braces, as Snakemake has them; `str.format` fills them.
"""

from pathlib import Path, PurePosixPath

from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.location import SIMULATED_FOLDER
from mimii_bench.util.checksums import SUMS, beside


class Paths:
    """The patterns of all files of one run, below its folder of results.

    Parameters
    ----------
    results : str
        The folder, relative to where the workflow runs.

    Examples
    --------
    >>> Paths("results").index
    'results/corpus/index/{machine}/{snr}.csv'
    >>> Paths("results").index.format(machine="fan", snr="0dB")
    'results/corpus/index/fan/0dB.csv'
    """

    def __init__(self, results: str = "results"):
        self.results = results
        below = f"{results}/{{}}".format
        unit = "{machine}/{snr}/id_{id}"
        training = "{protocol}/{system}/{job}"
        # The corpus, as it is simulated, verified or listed.
        self.simulated = below(SIMULATED_FOLDER)
        self.bank = f"{self.simulated}/bank.h5"
        self.receipt = below("corpus/checked/{archive}.json")
        self.index = below("corpus/index/{machine}/{snr}.csv")
        self.quality = below(f"corpus/quality/{unit}.csv")
        self.quality_of_all = below("corpus/quality.csv")
        # From samples to frames.
        self.mix = below(f"audio/{{mix}}/{unit}")
        self.store = below(f"features/{{feature}}/{{mix}}/{unit}.h5")
        self.recordings = below("recordings/{protocol}/{pool}.csv")
        self.recordings_found = below("recordings/{protocol}/{pool}.txt")
        self.split = below("splits/{protocol}/{pool}.csv")
        # A job's folder holds one for each of its trainings; see `training.job.Training`.
        self.models = below(f"models/{training}")
        self.scores = below(f"scores/{training}")
        # What people read.
        self.long = below("tables/{report}/all.csv")
        self.claims = below("tables/{report}/claims.csv")
        self.confusion = below("tables/{report}/confusion.csv")
        self.printed = below("tables/{report}/printed")
        self.table_sums = below(f"tables/{{report}}/{SUMS}")
        self.figure = below("figures/{report}/{figure}.png")
        self.figure_svg = below("figures/{report}/{figure}.svg")
        self.overview = below("figures/overview/{picture}.png")
        self.overview_svg = below("figures/overview/{picture}.svg")
        self.all_long = below("tables/all.csv")
        self.all_claims = below("tables/claims.csv")
        self.missing = below("tables/missing.csv")
        self.audit = below("tables/audit.csv")
        self.leaderboard = below("tables/leaderboard.csv")
        self.leaderboard_units = below("tables/leaderboard_units.csv")
        self.leaderboard_differences = below("tables/leaderboard_differences.csv")
        self.leaderboard_stability = below("tables/leaderboard_stability.csv")
        self.leaderboard_calibration = below("tables/leaderboard_calibration.csv")
        self.leaderboard_official = below("tables/leaderboard_official.csv")
        self.leaderboard_times = below("tables/leaderboard_times.csv")
        self.leaderboard_page = below("tables/leaderboard.md")
        self.page = below("index.html")
        self.listening = below("listening/{protocol}/{system}/{machine}")
        # Of what people read and no stage does.
        self.page_sums = below("checksums/page.sha256")
        self.all_sums = below("checksums/all_tables.sha256")
        self.audit_sums = below("checksums/audit.sha256")
        self.leaderboard_sums = below("checksums/leaderboard.sha256")
        self.figure_sums = below("checksums/figures/{report}/{figure}.sha256")
        self.overview_sums = below("checksums/figures/overview/{picture}.sha256")

    def unit_in(self, path: str) -> Unit:
        """Return the unit that a file is of, whose path ends with the unit's.

        Examples
        --------
        >>> Paths("results").unit_in("results/corpus/quality/fan/-6dB/id_00.csv").id
        '00'
        """
        return Unit.of_path("/".join(PurePosixPath(path).with_suffix("").parts[-3:]))

    def checksum(self, pattern: str) -> str:
        """Return the pattern of the checksums beside files."""
        return str(beside(pattern))

    def log(self, rule: str, output: str) -> str:
        """Return the pattern of a rule's log, from the pattern of what it makes."""
        return self._beside("logs", rule, output, "log")

    def benchmark(self, rule: str, output: str) -> str:
        """Return the pattern of a rule's time and memory, from the pattern of what it makes."""
        return self._beside("benchmarks", rule, output, "tsv")

    def _beside(self, folder: str, rule: str, output: str, ending: str) -> str:
        _, brace, wildcards = output.partition("{")
        place = f"{rule}/{{{PurePosixPath(wildcards).with_suffix('')}" if brace else rule
        return f"{self.results}/{folder}/{place}.{ending}"


def from_here(path: Path) -> str:
    """Return a path as Snakemake is told it: relative where it lies below the working folder."""
    here, there = Path.cwd(), path.resolve()
    return str(there.relative_to(here)) if there.is_relative_to(here) else str(there)
