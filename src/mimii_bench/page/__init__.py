"""The page that people open first: what was run, what came out, in one file without any network.

A section is one module here, with a function `section(given)` that turns tables into plain rows,
and one template of the same name in `templates/`; `page.SECTIONS` lists them in their order.
"""
