"""Code as an input by its meaning: what changes a digest, and what does not."""

from textwrap import dedent

import pytest

from mimii_bench.util.errors import UserError
from mimii_bench.util.source import Package
from samples import ROOT, printed_by

PACKAGE = ROOT / "src/mimii_bench"


def write(folder, **modules):
    """Write the modules of a package `bench`; `a__b` is the module b of the room a."""
    root = folder / "bench"
    root.mkdir(parents=True)
    (root / "__init__.py").touch()
    for name, text in modules.items():
        path = root / f"{name.replace('__', '/').replace('/init', '/__init__')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
        if not (path.parent / "__init__.py").exists():
            (path.parent / "__init__.py").touch()
    return Package(root, "bench")


def names(package, *roots, **further):
    return [name.removeprefix("bench.") for name in package.reached(*roots, **further)]


def two(folder, before, after, *roots):
    """Digests of the module `one` as it was `before` and `after` an edit."""
    roots = roots or ("bench.one",)
    first = write(folder / "before", one=before).digest(*roots)
    return first, write(folder / "after", one=after).digest(*roots)


TEXT = '''
"""A module."""

import numpy as np

SIZE = 3


class Model:
    """A model."""

    def fit(self, x: list, *, rate=0.5):
        """Learn."""
        # As ever.
        return np.sum(x) * rate * SIZE


def run(x):
    return Model().fit(x, rate=1e3)
'''
MEANINGLESS = {
    "a comment": ("# As ever.", "# Otherwise."),
    "a comment at the end": ("rate=1e3)\n", "rate=1e3)\n# The end.\n"),
    "a docstring of the module": ('"""A module."""', '"""Another text."""'),
    "no docstring of the module": ('"""A module."""', ""),
    "a docstring of a class": ('"""A model."""', '"""The model."""'),
    "no docstring of a class": ('    """A model."""\n', ""),
    "a docstring of a method": ('"""Learn."""', '"""Learn much."""'),
    "a docstring where there was none": ("def run(x):", 'def run(x):\n    """Run."""'),
    "a text that stands for a comment": ("SIZE = 3", 'SIZE = 3\n"""Of something."""'),
    "blank lines": ("SIZE = 3\n", "\n\n\nSIZE = 3\n\n"),
    "other line breaks": ("fit(x, rate=1e3)", "fit(\n        x,\n        rate=1e3,\n    )"),
    "other brackets": ("np.sum(x) * rate * SIZE", "((np.sum(x) * rate) * SIZE)"),
    "the same number": ("1e3", "1000.0"),
    "an import that is not used": ("import numpy as np", "import json\nimport numpy as np"),
    "names for others": ("SIZE = 3", 'SIZE = 3\n__all__ = ["Model", "run"]'),
    "what only a type checker reads": (
        "SIZE = 3",
        "from typing import TYPE_CHECKING\nSIZE = 3\nif TYPE_CHECKING:\n    import ast",
    ),
    "what runs only alone": ("SIZE = 3", 'SIZE = 3\nif __name__ == "__main__":\n    print(1)'),
}
MEANINGFUL = {
    "a constant": ("SIZE = 3", "SIZE = 4"),
    "its type": ("SIZE = 3", "SIZE = 3.0"),
    "a default": ("rate=0.5", "rate=0.6"),
    "an operation": ("* rate", "/ rate"),
    "a type of an argument": ("x: list", "x: tuple"),
    "what is imported": ("import numpy as np", "import jax.numpy as np"),
    "a base class": ("class Model:", "class Model(dict):"),
    "a decorator": ("    def fit(", "    @cache\n    def fit("),
    "a statement": ("SIZE = 3", "SIZE = 3\nnp.seterr('raise')"),
}


@pytest.mark.parametrize("edit", MEANINGLESS.values(), ids=MEANINGLESS)
def test_an_edit_without_meaning_changes_nothing(tmp_path, edit):
    assert edit[0] in TEXT
    before, after = two(tmp_path, TEXT, TEXT.replace(*edit))
    assert before == after


@pytest.mark.parametrize("edit", MEANINGFUL.values(), ids=MEANINGFUL)
@pytest.mark.parametrize("root", ["bench.one", "bench.one:run"])
def test_an_edit_of_what_runs_changes_the_digest(tmp_path, root, edit):
    assert edit[0] in TEXT
    before, after = two(tmp_path, TEXT, TEXT.replace(*edit), root)
    assert before != after


def test_the_order_of_definitions_means_nothing(tmp_path):
    parts = ["def a(): return b()", "def b(): return 1", "B = 2"]
    before, after = two(tmp_path, "\n".join(parts), "\n".join(parts[::-1]))
    assert before == after


def test_the_order_of_statements_means_something(tmp_path):
    before, after = two(tmp_path, "f()\ng()", "g()\nf()")
    assert before != after


def test_a_description_of_an_option_is_documentation(tmp_path):
    text = 'class Options:\n    n: Annotated[int, Field(ge={}, description="{}")] = 3'
    before, after = two(tmp_path / "1", text.format(1, "Bands."), text.format(1, "Mel bands."))
    assert before == after
    before, after = two(tmp_path / "2", text.format(1, "Bands."), text.format(2, "Bands."))
    assert before != after


def test_only_what_is_mentioned_counts(tmp_path):
    package = write(
        tmp_path,
        one="""
            from bench.two import used
            A, B, C = 1, 2, 3
            D = E = 4
            F: int = 5
            def run(): return helper() + A
            def helper(): return used(D)
            def other(): return F
        """,
        two="X = 1\ndef used(x): return x\ndef unused(): return X",
    )
    assert names(package, "bench.one:run") == [
        *("one:A, B, C", "one:D, E", "one:helper", "one:run", "two:used")
    ]
    assert names(package, "bench.one:F") == ["one:F"]
    assert "one:other" in names(package, "bench.one")


@pytest.mark.parametrize(
    ("statement", "call"),
    [
        ("import bench.stage.other", "bench.stage.other.function()"),
        ("import bench.stage.other as o", "o.function()"),
        ("from bench.stage.other import function", "function()"),
        ("from bench.stage.other import function as f", "f()"),
        ("from bench.stage.other import *", "function()"),
        ("from bench.stage import other", "other.function()"),
        ("from bench import stage", "stage.other.function()"),
        ("from . import other", "other.function()"),
        ("from .other import function", "function()"),
        ("from ..stage.other import function", "function()"),
        ("from bench.stage import function", "function()"),
        ("from bench.stage import renamed", "renamed()"),
        ("import bench.stage", "bench.stage.renamed()"),
        ("try:\n    from bench.stage.other import function\nexcept ImportError: ...", "function()"),
        ("", "late()\ndef late(): from .other import function; function()"),
        ("o = wrapt.lazy_import('bench.stage.other')", "o.function()"),
        ("o = import_module('bench.stage.other')", "getattr(o, 'function')()"),
        ("from bench.stage import other", "apply(other)\ndef apply(m): return m.function()"),
        ("NAME = 'bench.stage.other.function'", "load(NAME)"),
        ("NAME = 'other.function'", "load('stage', NAME)"),
        ("from bench.stage.other import function", "NAMES[0]()\nNAMES = [function]"),
        ("from bench.stage.other import function", "globals()['g']()\ng = function"),
    ],
)
def test_every_way_to_a_definition_is_followed(tmp_path, statement, call):
    package = write(
        tmp_path,
        stage__one=f"{statement}\ndef run(): {call}\n",
        stage__other="def function(): return 1\ndef stranger(): ...\n",
        stage__init="from bench.stage.other import function, function as renamed",
    )
    found = names(package, "bench.stage.one:run")
    assert "stage.other:function" in found
    assert "stage.other:stranger" not in found


def test_an_import_in_a_function_counts_for_that_function(tmp_path):
    package = write(
        tmp_path,
        one="""
            def first():
                from bench.two import f
                return f()
            def second():
                from bench.three import f
                return f()
        """,
        two="def f(): return 2",
        three="def f(): return 3",
    )
    assert names(package, "bench.one:first") == ["one:first", "two:f"]
    assert names(package, "bench.one:second") == ["one:second", "three:f"]


def test_imports_are_followed_through_cycles(tmp_path):
    package = write(
        tmp_path,
        a="from bench import b\nimport numpy\ndef f(): return b.x()",
        b="from bench.c import x\nfrom bench.b import nothing",
        c="import bench.a\nfrom bench.b import nothing\ndef x(): return bench.a.f() + nothing",
        d="def f(): ...",
    )
    assert names(package, "bench.a") == ["a:f", "c:x"]


def test_an_import_of_something_else_of_the_same_name_changes_the_digest(tmp_path):
    """Although all of both runs before and after."""
    others = {"two": "def f(): return 2", "three": "def f(): return 3"}
    one = "from bench.{} import f\nfrom bench import two, three\ndef run(): f(), two.f(), three.f()"
    found = [
        write(tmp_path / name, one=one.format(name), **others).digest("bench.one:run")
        for name in others
    ]
    assert found[0] != found[1]
    through = "from bench.room import f\nfrom bench import two, three\ndef run(): f()"
    found = [
        write(
            tmp_path / f"through {name}",
            one=through,
            room__init=f"from bench.{name} import f",
            **others,
        ).digest("bench.one:run", "bench.two", "bench.three")
        for name in others
    ]
    assert found[0] != found[1]


SYSTEM = """
    from bench.base import Base

    class Options:
        epochs: int = 3

    class System(Base):
        scores = ["mean"]

        def __init__(self, options):
            self.options = _checked(options)

        @property
        def width(self): return 3

        def _loss(self, x): return _distance(x)

        def score(self, clips): return [self._error(clip) for clip in clips]

        def _error(self, clip): return _largest(clip)

    def _checked(options): return options
    def _distance(x): return x
    def _largest(x): return max(x)
"""
BASE = """
    class Base:
        def fit(self, x):
            while True:
                self._loss(x)

        def _loss(self, x): raise NotImplementedError
        def save(self): ...
"""
DRIVERS = """
    def fit(system, clips): system.fit(clips); return system.width
    def score(system, clips): return system.score(clips)
    def by_name(system, name): return getattr(system, name)(CLIPS)
    NAME = "score"
    CLIPS = []
"""
FIT = "bench.drivers:fit", "bench.systems.one:System"
SCORE = "bench.drivers:score", "bench.systems.one:System"


def systems(folder, system=SYSTEM, drivers=DRIVERS):
    return write(folder, base=BASE, drivers=drivers, systems__one=system, systems__two=SYSTEM)


def test_a_method_counts_where_its_name_is_mentioned(tmp_path):
    package = systems(tmp_path)
    assert names(package, *FIT) == [
        *("base:Base", "base:Base._loss", "base:Base.fit", "drivers:fit"),
        *("systems.one:System", "systems.one:System._loss", "systems.one:System.width"),
        *("systems.one:_checked", "systems.one:_distance"),
    ]
    assert names(package, *SCORE) == [
        *("base:Base", "drivers:score", "systems.one:System", "systems.one:System._error"),
        *("systems.one:System.score", "systems.one:_checked", "systems.one:_largest"),
    ]


def test_a_name_in_a_string_mentions_a_method(tmp_path):
    package = systems(tmp_path)
    by_name = "bench.drivers:by_name", "bench.systems.one:System"
    assert "systems.one:System.score" not in names(package, *by_name)
    assert "systems.one:System.score" in names(package, *by_name, "bench.drivers:NAME")


@pytest.mark.parametrize(
    "call",
    [
        "f(score=1)",
        "methodcaller('score')",
        "attrgetter('x.score')",
        "[f for f in 'fit score'.split()]",
        "'{x.score}'.format(x=1)",
        "f'{x.score}'",
        "[x for x in y if (lambda z: z.score)(x)]",
    ],
)
def test_every_way_to_a_method_is_followed(tmp_path, call):
    package = systems(tmp_path, drivers=f"def fit(x, y): return {call}")
    assert "systems.one:System.score" in names(package, *FIT)


def test_a_pattern_mentions_what_it_takes(tmp_path):
    drivers = "def fit(x):\n  match x:\n    case object(score=3): return 1"
    assert "systems.one:System.score" in names(systems(tmp_path, drivers=drivers), *FIT)


@pytest.mark.parametrize(
    ("edit", "trains", "scores"),
    [
        (("max(x)", "min(x)"), False, True),
        (("def _distance(x): return x", "def _distance(x): return 2 * x"), True, False),
        (("return _distance(x)", "return 2 * _distance(x)"), True, False),
        (("[self._error(clip)", "[-self._error(clip)"), False, True),
        (("return options", "return options or {}"), True, True),
        (("epochs: int = 3", "epochs: int = 4"), False, False),
        (('scores = ["mean"]', 'scores = ["max"]'), True, True),
    ],
)
def test_an_edit_changes_the_digests_of_what_runs_it(tmp_path, edit, trains, scores):
    assert edit[0] in SYSTEM
    before, after = systems(tmp_path / "1"), systems(tmp_path / "2", SYSTEM.replace(*edit))
    assert (before.digest(*FIT) != after.digest(*FIT)) == trains
    assert (before.digest(*SCORE) != after.digest(*SCORE)) == scores
    other = [root.replace("one", "two") for root in FIT]
    assert before.digest(*other) == after.digest(*other)


CLASSES = {
    "a nested class": "class It:\n class Options:\n  def all(self): return target()",
    "a base": "class It(Base): ...\nclass Base:\n x = target()",
    "a class-level constant": "class It:\n x = target()",
    "a class-level condition": "class It:\n if 1:\n  def f(self): return target()",
    "a dunder method": "class It:\n def __iter__(self): return target()",
    "what an enumeration calls": "class It(Enum):\n def _missing_(cls, x): return target()",
    "a method under another name": "class It:\n def _f(self): return target()\n __call__ = _f",
    "a validator": "class It:\n @model_validator(mode='after')\n def f(self): return target()",
    "a metaclass": "class It(metaclass=Meta):\n def f(self): ...\nclass Meta(type): x = target()",
    "a method of a foreign base": "class It(nn.Module):\n def forward(self, x): return target()",
    "one through our base": "class It(A):\n def f(self): target()\nclass A(nn.Module): ...",
    "one of a base by another name": "class It(A):\n def f(self): target()\nA = nn.Module",
    "one of a base that is made": "class It(make()):\n def f(self): target()",
    "a decorator": "@target\nclass It: ...",
    "a type in quotes": "class It:\n x: 'Other'\nclass Other:\n y = target()",
    "a setter": "class It:\n def __init__(self): self.x = 1\n"
    " @property\n def x(self): ...\n @x.setter\n def x(self, value): target()",
}


@pytest.mark.parametrize("text", CLASSES.values(), ids=CLASSES)
def test_what_runs_with_a_class_counts(tmp_path, text):
    package = write(tmp_path, one=f"{text}\ndef target(): return 1\ndef stranger(): ...")
    found = names(package, "bench.one:It")
    assert "one:target" in found
    assert "one:stranger" not in found


@pytest.mark.parametrize(
    "base", ["", "(NamedTuple)", "(Protocol)", "(typing.Protocol[T])", "(Ours)", "(Exception)"]
)
def test_a_class_of_no_foreign_base_leaves_out_what_nobody_mentions(tmp_path, base):
    text = f"class It{base}:\n def f(self): ...\nclass Ours(ABC): ..."
    assert "one:It.f" not in names(write(tmp_path, one=text), "bench.one:It")


def test_statements_count_where_their_module_is_imported(tmp_path):
    package = write(
        tmp_path,
        one="import bench.room.two\ndef run(): ...\ndef late():\n import bench.three",
        room__init="if True:\n    A = f()\ndef f(): ...",
        room__two="REGISTRY = {}\nREGISTRY['x'] = y()\ndef y(): ...\ndef z(): ...",
        three="from bench.base import register\nregister(1)\ndef g(): ...",
        base="def register(f): return f",
    )
    found = names(package, "bench.one:run")
    assert found == [
        *("one:run", "room.two:", "room.two:REGISTRY", "room.two:y", "room:", "room:f")
    ]
    assert {"three:", "base:register"} <= set(names(package, "bench.one:late"))


def test_a_class_s_method_may_be_a_root(tmp_path):
    package = systems(tmp_path)
    assert names(package, "bench.systems.one:System.score") == [
        name for name in names(package, *SCORE) if not name.startswith("drivers")
    ]


def test_a_script_counts_as_a_whole_with_the_files_beside_it(tmp_path):
    package = write(tmp_path, one="def run(): ...\ndef other(): ...")
    script = tmp_path / "scripts/fit.py"
    script.parent.mkdir()
    text = "from _door import job\nwith job(snakemake):\n    from bench import one\n    one.run()\n"
    script.write_text(text)
    (script.parent / "_door.py").write_text("def job(s): ...\ndef other(): ...")
    assert package.reached(script=script) == ["_door:job", "bench.one:run", "fit:"]
    before = package.digest("bench.one:other", script=script)
    assert before != package.digest(script=script)
    for addition, same in (("# The end", True), ("print()", False)):
        script.write_text(text + addition)
        again = Package(tmp_path / "bench", "bench")
        assert (again.digest("bench.one:other", script=script) == before) == same


def test_a_digest_does_not_depend_on_where_the_files_lie(tmp_path):
    for place in ("here", "there/further"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "own.py").write_text("from bench.one import X\nY = X")
    here, there = write(tmp_path / "here", one="X = 1"), write(tmp_path / "there", one="X = 1")
    script = tmp_path / "here/own.py", tmp_path / "there/further/own.py"
    assert here.digest(script=script[0]) == there.digest(script=script[1])
    assert here.digest(script[0]) == there.digest(script[1])


def test_a_file_outside_is_a_root(tmp_path):
    package = write(tmp_path, one="class Base:\n    def fit(self): ...")
    path = tmp_path / "own.py"
    path.write_text(
        "from bench.one import Base\nfrom beside import f\nclass Own(Base): x = f()\nREST = 1\n"
    )
    (tmp_path / "beside.py").write_text("def f(): ...")
    expected = ["bench.one:Base", "beside:f", "own:Own"]
    assert package.reached(f"{path}:Own") == expected
    assert package.reached(path) == [*expected, "own:REST"]
    assert package.reached(str(path)) == [*expected, "own:REST"]
    inside = tmp_path / "bench/one.py"
    assert package.digest(f"{inside}:Base") == package.digest("bench.one:Base")


def test_a_package_that_is_installed_is_followed_where_a_root_stands_in_it(tmp_path, monkeypatch):
    package = write(tmp_path, one="from plug.deep import f\ndef run(): return f()")
    (tmp_path / "plug").mkdir()
    (tmp_path / "plug/__init__.py").touch()
    (tmp_path / "plug/deep.py").write_text("from bench.one import run\ndef f(): ...\ndef g(): ...")
    (tmp_path / "single.py").write_text("import plug.deep\nclass It: x = plug.deep.f()")
    monkeypatch.syspath_prepend(tmp_path)
    alone = package.digest("bench.one")
    assert package.reached("bench.one") == ["bench.one:run"]
    assert package.reached("plug.deep:f", "bench.one") == ["bench.one:run", "plug.deep:f"]
    assert package.reached("single:It") == ["single:It"]
    assert package.digest("bench.one") == alone


@pytest.mark.parametrize(
    ("root", "said"),
    [
        ("bench.none", "bench.none is no module of bench"),
        ("bench.one:Nothing", "bench.one:Nothing: one.py has no name 'Nothing'"),
        ("/nowhere/own.py:It", "there is no file /nowhere/own.py"),
        ("no_such_package.x:It", "no_such_package is no package that is installed"),
        ("sys:path", "sys is no package that is installed"),
    ],
)
def test_a_root_that_is_not_there_is_an_error(tmp_path, root, said):
    package = write(tmp_path, one="x = 1")
    with pytest.raises(UserError, match=said):
        package.digest(root)
    with pytest.raises(UserError, match=said):
        package.reached(root)


REGISTRY = """
    from functools import wraps
    FOUND = {}
    LIMIT = 3
    def entered(function):
        FOUND[function.__name__] = function
        return function
    def entered_by(name):
        def enter(function): return _enter(name, function)
        return enter
    def _enter(name, function):
        FOUND[name] = function
        return function
    def loud(function):
        @wraps(function)
        def wrapped(*args): print(args); return function(*args)
        return wrapped
    def measure(name): return FOUND[name]()
    def other(): ...
"""
MEASURES = """
    from bench.registry import entered, entered_by, loud
    @entered
    def first(): return helper()
    @entered_by("2")
    def second(): ...
    class Third:
        @entered
        def third(self): ...
        @model_validator
        def valid(self): ...
    @loud
    def fourth(): return helper()
    def helper(): ...
    class Fifth:
        @model_validator
        def valid(self): ...
    @foreign
    def sixth(): ...
"""


def test_what_is_entered_in_a_registry_counts_where_the_registry_does(tmp_path):
    package = write(
        tmp_path,
        registry=REGISTRY,
        measures=MEASURES,
        one="from bench import measures, registry\ndef run(): return registry.measure('first')",
        two="from bench.measures import helper\ndef run(): ...\ndef call(): measures.fourth()",
    )
    always = ["measures:sixth"]
    assert names(package, "bench.two:run") == [*always, "two:run"]
    assert names(package, "bench.one:run", "bench.measures:fourth") == [
        *("measures:Third", "measures:first", "measures:fourth", "measures:helper"),
        *("measures:second", *always, "one:run", "registry:FOUND", "registry:_enter"),
        *("registry:entered", "registry:entered_by", "registry:loud", "registry:measure"),
    ]


@pytest.mark.parametrize(
    "decorator",
    [
        "@show.register",
        "@apply",
        "@Kept",
        "@(lambda f: f)",
        "@names[0]",
        "@entered\n@foreign",
    ],
)
def test_a_decorator_that_may_do_anything_counts_where_its_module_is_imported(tmp_path, decorator):
    text = f"""
FOUND = {{}}
class Kept:
    def __init__(self, function): kept(function)
@foreign
def kept(function): ...
@singledispatch
def show(x): ...
def apply(function): return show(function)
def entered(function): FOUND[1] = function; return function
{decorator}
def mine(): ...
def run(): ...
"""
    assert "one:mine" in names(write(tmp_path, one=text), "bench.one:run")


def test_all_digests_of_the_package_are_quick(tmp_path):
    """Every module as a root, in a fresh process: the CPU time is told, generously bounded."""
    code = (
        "import sys, time; from mimii_bench.util.source import digest\n"
        "start = time.process_time()\n"
        "[digest(root) for root in sys.argv[1:]]\n"
        "print(time.process_time() - start)\n"
    )
    modules = [
        ".".join(["mimii_bench", *path.relative_to(PACKAGE).with_suffix("").parts])
        for path in PACKAGE.rglob("[!_]*.py")
    ]
    assert float(printed_by(code, *modules)) < 5
