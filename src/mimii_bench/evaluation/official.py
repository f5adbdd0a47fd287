"""The official score of each edition of DCASE Task 2, from the scored test clips of all sections.

Each is a mean of areas under ROC curves, whole ones and partial ones up to a false positive rate of
.1 (McClish's, `metrics.pauc_mcclish`, as scikit-learn's `roc_auc_score(max_fpr=.1)`, which the
organisers' evaluators of 2020 to 2024 call). Editions differ in which clips an area is of, and in
the mean. With several trainings, each area is their mean.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from mimii_bench.corpus.dcase import DOMAINS, domain_of
from mimii_bench.evaluation.intervals import Distribution, average, of_group
from mimii_bench.evaluation.metrics import computable
from mimii_bench.evaluation.resampling import measure_group

#: A section: its machine and its id.
Section = tuple[str, str]


class Area(NamedTuple):
    """One of the areas that are averaged.

    Attributes
    ----------
    name, metric : str
        What tables call it, and its metric.
    normal, abnormal : str
        The domain of the clips of either label that it is of; empty for both domains.
    """

    name: str
    metric: str
    normal: str = ""
    abnormal: str = ""


class Edition(NamedTuple):
    """How an edition scores a system.

    Attributes
    ----------
    areas : tuple of Area
        Of each section.
    mean : str
        One of `intervals.MEANS`.
    of_machines : bool
        Whether machines are averaged first, and then their means; else all areas at once.
    source : str
        Where it is defined.
    """

    areas: tuple[Area, ...]
    mean: str
    of_machines: bool
    source: str


#: Normal clips of one domain against the anomalies of both: since 2022 one threshold must do.
_SINCE_2022 = (
    *(Area(f"auc_{domain}", "auc", normal=domain) for domain in DOMAINS),
    Area("pauc", "pauc_mcclish"),
)
#: By year.
EDITIONS = {
    2020: Edition(
        (Area("auc", "auc"), Area("pauc", "pauc_mcclish")),
        "arithmetic",
        True,
        "Koizumi et al., arXiv:2006.05822; evaluator.py of y-kawagu/dcase2020_task2_evaluator",
    ),
    2021: Edition(
        tuple(
            Area(f"{name}_{domain}", metric, domain, domain)
            for name, metric in (("auc", "auc"), ("pauc", "pauc_mcclish"))
            for domain in DOMAINS
        ),
        "harmonic",
        False,
        "Kawaguchi et al., arXiv:2106.04492; y-kawagu/dcase2021_task2_evaluator",
    ),
    2022: Edition(
        _SINCE_2022,
        "harmonic",
        False,
        "Dohi et al., arXiv:2206.05876; Kota-Dohi/dcase2022_evaluator",
    ),
    2023: Edition(
        _SINCE_2022,
        "harmonic",
        False,
        "Dohi et al., arXiv:2305.07828; nttcslab/dcase2023_task2_evaluator",
    ),
    2024: Edition(
        _SINCE_2022,
        "harmonic",
        False,
        "Nishida et al., arXiv:2406.07250; nttcslab/dcase2024_task2_evaluator",
    ),
    2025: Edition(
        _SINCE_2022,
        "harmonic",
        False,
        "Nishida et al., arXiv:2506.10097; nttcslab/dcase2025_task2_evaluator",
    ),
}


class OfficialScore(NamedTuple):
    """The score of a system.

    Attributes
    ----------
    value : Distribution
        Over all machines.
    machines : {machine: Distribution}
        Of each alone.
    areas : {machine: {name: Distribution}}
        The mean of each area over the sections of a machine; under the empty name over all.
    """

    value: Distribution
    machines: dict[str, Distribution]
    areas: dict[str, dict[str, Distribution]]


def measure_areas(
    clips: pd.DataFrame, edition: int, replicates: int, trained: object
) -> dict[str, Distribution]:
    """Return the areas of one section that an edition averages.

    Parameters
    ----------
    clips : DataFrame
        The scored test clips of the section, as `scores.read_scores` gives them; their names tell
        the domain.
    edition : int
        A year of `EDITIONS`.
    replicates : int
        Of the bootstrap.
    trained : object
        What the models were trained on.

    Returns
    -------
    {name of the area: Distribution}
        Nothing where some area has too few clips, as `metrics.computable` tells.
    """
    domains = clips["clip"].map(domain_of)
    # The domains are resampled each by itself: both are as large in every resample.
    strata = clips.assign(role=clips["role"] + domains)
    first = (clips["seed"] == clips["seed"].min()).to_numpy()
    labels = (clips["label"] == "abnormal").to_numpy()[first]
    found = {}
    for area in EDITIONS[edition].areas:
        within = _within(area, labels, domains.to_numpy()[first])
        if not computable(labels[within], area.metric):
            return {}
        group = measure_group(strata, area.metric, replicates, trained, within=within)
        found[area.name] = of_group(group)
    return found


def _within(area: Area, labels: np.ndarray, domains: np.ndarray) -> np.ndarray:
    """Return which clips (clip,) an area is of; labels are true for abnormal ones."""
    wanted = np.where(labels, area.abnormal, area.normal)
    return (wanted == "") | (wanted == domains)


def official_score(
    sections: Mapping[Section, Mapping[str, Distribution]], edition: int
) -> OfficialScore:
    """Return the score of an edition from the areas of all sections.

    Parameters
    ----------
    sections : {(machine, id): {name of the area: Distribution}}
    edition : int
        A year of `EDITIONS`.

    Examples
    --------
    >>> from mimii_bench.evaluation.intervals import certain
    >>> areas = {"auc_source": certain(0.8), "auc_target": certain(0.4), "pauc": certain(0.5)}
    >>> score = official_score({("fan", "00"): areas}, 2023)
    >>> f"{score.value.value:.4f}"
    '0.5217'
    """
    rules = EDITIONS[edition]
    of_machine: dict[str, list[Mapping[str, Distribution]]] = {}
    for (machine, _), areas in sections.items():
        of_machine.setdefault(machine, []).append(areas)
    machines = {
        machine: average([one for areas in own for one in areas.values()], rules.mean)
        for machine, own in of_machine.items()
    }
    every = [one for areas in sections.values() for one in areas.values()]
    value = average([*machines.values()] if rules.of_machines else every, rules.mean)
    by_area = {
        machine: {
            area.name: average([one[area.name] for one in own], rules.mean) for area in rules.areas
        }
        for machine, own in of_machine.items()
    }
    by_area[""] = {
        area.name: average(
            [by_area[machine][area.name] for machine in of_machine]
            if rules.of_machines
            else [areas[area.name] for areas in sections.values()],
            rules.mean,
        )
        for area in rules.areas
    }
    return OfficialScore(value, machines, by_area)
