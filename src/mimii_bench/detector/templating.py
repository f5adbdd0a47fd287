"""What is written from a template: Markdown as it is, HTML with every value escaped."""


def render(template: str, **values) -> str:
    """Return a template of this room, filled in; a name that it lacks is an error."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("mimii_bench.detector"),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(**values)
