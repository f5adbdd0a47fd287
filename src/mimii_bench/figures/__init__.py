"""Pictures of what a run made: report.yaml says which, one function draws each.

A figure in report.yaml names its `plot`, `module.function` here, and its parts under the name of
what they are read from: `stores`, `recordings`, `scores`, `histories`, `models` or `tables`. The
module `from_<kind>` reads the parts; the function takes them under that name, with the figure's
`options`, and returns a matplotlib Figure, which `canvas.draw` writes. A new kind of picture is a
new function; nothing in between has to learn of it.
"""
