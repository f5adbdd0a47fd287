"""Vega, Vega-Lite and Vega-Embed as one script that needs no network."""

import vl_convert


def charts_script() -> str:
    """Return the script, which gives the page its `window.vegaEmbed`.

    It is text of the page: what would end a script element in it is written otherwise.
    """
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")
