"""The order of the rooms: nothing imports from a room that stands below its own."""

import ast
from importlib.util import resolve_name

from samples import ROOT

PACKAGE = ROOT / "src/mimii_bench"
#: From the ground up; a room uses only what stands before it, or itself.
ROOMS = (
    *("util", "corpus", "audio", "splits", "features", "evaluation", "systems", "training"),
    *(
        "reports",
        "leaderboard",
        "audit",
        "figures",
        "page",
        "detector",
        "listening",
        "export",
        "planning",
        "pricing",
        "progress",
        "provenance",
        "cli",
    ),
)
#: Rooms that know nothing of one another although one stands above the other.
APART = {
    "systems": {"corpus", "audio", "splits", "features", "evaluation"},
    "audio": {"corpus.simulate"},
}
#: But filters that are learned start where those of the feature stay.
EXCEPTIONS = {("systems.networks.learned_sinc", "features.sinc")}


def imports():
    """Pairs of (module, full name of what it imports); names as in `features.store`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        package = ".".join(["mimii_bench", *inside.parent.parts])
        name = ".".join(inside.with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from ((name, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = resolve_name("." * node.level + (node.module or ""), package)
                yield from ((name, f"{base}.{alias.name}") for alias in node.names)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "wrapt.lazy_import":
                yield name, ast.literal_eval(node.args[0])


def inside():
    """Pairs as `imports`, of the package alone and without its name."""
    return [
        (name, other.removeprefix("mimii_bench."))
        for name, other in imports()
        if other.startswith("mimii_bench.") and other != "mimii_bench.__version__"
    ]


def test_every_module_stands_in_a_room():
    found = {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py")}
    assert found == {"__init__.py", *ROOMS}


def test_no_room_uses_one_that_stands_after_it():
    rank = {room: height for height, room in enumerate(ROOMS)}
    upwards = [
        f"{name} imports {other}"
        for name, other in inside()
        if rank[other.split(".")[0]] > rank[name.split(".")[0]]
    ]
    assert upwards == []


def test_rooms_that_are_apart_stay_apart():
    strangers = [
        f"{name} imports {other}"
        for name, other in inside()
        if any(f"{other}.".startswith(f"{room}.") for room in APART.get(name.split(".")[0], ()))
        and not any(name == one and other.startswith(what) for one, what in EXCEPTIONS)
    ]
    assert strangers == []


def test_the_library_knows_no_snakemake():
    assert not [name for name, other in imports() if other.split(".")[0].startswith("snakemake")]
