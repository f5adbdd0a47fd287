"""`mimii-bench systems`: what there is, what it costs, and the options of one."""

from __future__ import annotations

from collections.abc import Iterator

import click

from mimii_bench.cli.names import SystemName

#: What `learns` of a system means for the recordings.
_LEARNS = {
    None: "normal clips",
    "id": "normal clips of two machines or more",
    "label": "normal and abnormal clips",
}


@click.command(
    epilog="""\b
Examples:
  mimii-bench systems
  mimii-bench systems knn_mean_max
  mimii-bench systems --format json | jq -r '.[] | select(.supervised | not) | .name'"""
)
@click.argument("name", required=False, type=SystemName())
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def systems(name: str | None, form: str) -> None:
    """List the systems, or tell all of the one called NAME: what it hears, its options.

    What a system costs is said of one core: a whole training on 100 clips of 10 s at 16 kHz, and
    the scoring of one. Features, a few ms a clip, come on top. The rates were measured on two
    cores of an AMD EPYC; `mimii-bench plan --measure` takes those of your machine.
    """
    from mimii_bench.cli.tables import as_json
    from mimii_bench.leaderboard.catalog import find_system, named_systems
    from mimii_bench.pricing.rates import Rates

    chosen = [find_system(name)] if name else list(named_systems().values())
    rates = Rates.shipped()
    facts = [_facts(one, rates) for one in chosen]
    if form == "json":
        click.echo(as_json(facts[0] if name else facts))
    elif name:
        click.echo("\n".join(_told(facts[0])))
    else:
        click.echo(_listed(facts))


def _facts(system, rates) -> dict:
    from mimii_bench.pricing.system_prices import price_of

    price = price_of(system, rates)
    return {
        "name": system.name,
        "summary": system.summary,
        "report": system.report or None,
        "source": system.source,
        "class": system.class_name,
        "inputs": system.inputs,
        "channels_needed": system.channels_needed,
        "scores": system.kinds,
        "supervised": system.supervised,
        "learns_from": _LEARNS[system.learns],
        "fit_seconds_of_100_clips": round(price.fit_seconds, 3),
        "score_seconds_of_a_clip": round(price.score_seconds, 6),
        "model_bytes": price.model_bytes,
        "options": _options(system),
    }


def _options(system) -> list[dict]:
    """Return the options of a system, with the value that each has by default there."""
    from mimii_bench.systems.base import system_class
    from mimii_bench.util.option_words import told
    from mimii_bench.util.plugins import load

    model = system_class(load("systems", system.class_name)).Options
    values = model(**system.options).model_dump(mode="json")
    return [
        {
            "option": one.name,
            "default": values[one.name],
            "allowed": one.allowed,
            "meaning": one.meaning,
        }
        for one in told(model, model.model_fields)
    ]


def _listed(facts: list[dict]) -> str:
    from mimii_bench.cli.tables import as_table

    return as_table(
        [
            {
                "system": one["name"],
                "what": one["summary"],
                "from": one["report"] or "leaderboard",
                "hears": _heard(one),
                "learns from": one["learns_from"],
                **_costs(one),
            }
            for one in facts
        ],
        right=("fit", "score", "model"),
    )


def _heard(facts: dict) -> str:
    return " and ".join(
        f"{source['feature']['class'].rpartition('.')[2]} of {source['mix']}"
        for source in facts["inputs"]
    )


def _costs(facts: dict) -> dict[str, str]:
    from mimii_bench.cli.tables import costs

    fit, score = facts["fit_seconds_of_100_clips"], facts["score_seconds_of_a_clip"]
    return costs(fit, score, facts["model_bytes"])


def _told(facts: dict) -> Iterator[str]:
    """Yield the lines that tell all of one system."""
    from mimii_bench.cli.tables import as_table
    from mimii_bench.util.option_words import as_yaml

    costs = _costs(facts)
    yield f"{facts['name']}: {facts['summary']}"
    yield ""
    yield f"from         {facts['source']}{_report(facts)}"
    yield f"class        {facts['class']}"
    for source in facts["inputs"]:
        yield f"hears        {_feature(source['feature'])} of {source['mix']}"
    yield f"needs        {_needed(facts['channels_needed'])}"
    yield f"learns from  {facts['learns_from']}"
    yield f"scores       {', '.join(facts['scores'])}"
    yield f"fit          {costs['fit']} for 100 clips of 10 s, one core"
    yield f"score        {costs['score']} a clip"
    yield f"model        {costs['model']}"
    yield ""
    rows = [{**one, "default": as_yaml(one["default"])} for one in facts["options"]]
    yield as_table(rows) if rows else "It takes no options."


def _report(facts: dict) -> str:
    return f" (report {facts['report']})" if facts["report"] else ""


def _needed(channels: int) -> str:
    return f"{channels} channel{'s or more' * (channels > 1)}"


def _feature(given: dict) -> str:
    options = [f"{key} {value}" for key, value in given.items() if key != "class"]
    return f"{given['class']} ({', '.join(options)})" if options else given["class"]
