"""Pictures of what a run made: report.yaml says which, one class draws each.

A figure in report.yaml names its `plot`, `module.Class` here, its `options`, and its parts under
the name of what they are read from: `stores`, `recordings`, `scores`, `histories`, `models` or
`tables`. The module `from_<kind>` reads the parts; the class draws them; `canvas.write` makes the
file. `mimii_bench.figures.base` has the contract: a new kind of picture is a new class, and nothing
in between has to learn of it.
"""
