# What each figure is drawn from: functions only, no rule.

from mimii_bench.figures.plan import plan_figures

#: What a picture's note calls the corpus.
CORPUS_NAMES = {
    "simulated": "simulated recordings",
    "mimii": "MIMII recordings",
    "dcase2020": "DCASE 2020 recordings",
    "own": "own recordings",
}


def plan_all_figures():
    """Return {report: {name: figure}}, and (report, what) for those that the corpus rules out."""
    planned, missing = {}, []
    for key, report in REPORTS.items():
        try:
            planned[key], lacking = plan_figures(report, PLAN.pools[key])
        except UserError as error:
            raise WorkflowError(str(error))
        missing += [(key, what) for what in lacking.values()]
    return planned, missing


FIGURES, MISSING_FIGURES = plan_all_figures()


def figure_paths():
    """Every picture that the corpus allows."""
    return [f"results/figures/{key}/{name}.png" for key in FIGURES for name in FIGURES[key]]


def announce_figures():
    """Say which pictures the corpus rules out."""
    for report, what in MISSING_FIGURES:
        print(f"missing for {report}: {what}", file=sys.stderr)


def figure_spec(wildcards):
    try:
        return FIGURES[wildcards.report][wildcards.figure]
    except KeyError:
        raise WorkflowError(f"{wildcards.report}: no figure {wildcards.figure} can be drawn")


def part_files(report, kind, part):
    """The files of one part of a figure, by the names that its reader takes."""
    trained = f"{report}/{part.spec.get('system')}/{part.pool}/seed0"
    if kind == "stores":
        return {"store": store_path(part.spec, part.units[0])}
    if kind == "recordings":
        return {"index": index_path(part.units[0])}
    if kind == "scores":
        return {"folder": f"results/scores/{trained}"}
    if kind == "histories":
        return {"history": f"results/models/{trained}.history.csv"}
    if kind == "tables":
        return {"long": f"results/tables/{report}/all.csv"}
    return {
        "weights": f"results/models/{trained}.safetensors",
        "description": f"results/models/{trained}.json",
        "split": f"results/splits/{report}/{part.pool}.csv",
        "stores": [store_path(source, part.units[0]) for source in part.spec["inputs"]],
    }


def part_settings(kind, part):
    """What else the reader of one part takes from the configuration."""
    settings = {"units": [tuple(unit) for unit in part.units]}
    if kind == "stores":
        settings["computed"] = computed_feature(part.spec)
    if kind == "models":
        settings["computed"] = list(map(computed_feature, part.spec["inputs"]))
    if kind == "recordings":
        settings["corpus"] = [CORPUS.reference, str(CORPUS.folder)]
    return settings


def figure_inputs(wildcards):
    """Every file that a figure is drawn from."""
    figure = figure_spec(wildcards)
    found = []
    for part in figure.parts:
        found += part_files(wildcards.report, figure.kind, part).values()
        if figure.kind == "recordings":
            found.append(corpus_files(part.units[0]))
    return [path for files in found for path in ([files] if isinstance(files, str) else files)]


def figure_parts(wildcards):
    """Each part of a figure, with all that its reader takes."""
    figure = figure_spec(wildcards)
    return [
        part.spec
        | part_settings(figure.kind, part)
        | part_files(wildcards.report, figure.kind, part)
        for part in figure.parts
    ]


def figure_code(wildcards):
    figure = figure_spec(wildcards)
    modules = [f"mimii_bench.figures.from_{figure.kind}", module_name("figures", figure.plot)]
    for part in figure.parts:
        if "class" in part.spec:
            modules.append(module_name("systems", part.spec["class"]))
        if "threshold" in part.spec:
            modules.append(module_name("evaluation", part.spec["threshold"]["class"]))
        for source in [part.spec, *part.spec.get("inputs", [])]:
            if "feature" in source and computed_feature(source):
                modules.append(module_name("features", computed_feature(source)["class"]))
    return code("figure", *modules)


def figure_note(wildcards):
    """The small line above a figure: of which recordings it is and, for trained systems, the budget."""
    is_sound = figure_spec(wildcards).kind in ("stores", "recordings")
    return CORPUS_NAMES[INVENTORY.corpus] + ("" if is_sound else f", budget {config['budget']}")
