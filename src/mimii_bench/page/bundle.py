"""Vega, Vega-Lite and Vega-Embed as one script that needs no network."""

import vl_convert
from markupsafe import Markup


def charts_script() -> Markup:
    """Return the script, which gives the page its `window.vegaEmbed`.

    It is text of the page: what would end a script element in it is written otherwise.
    """
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return Markup(bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--"))
