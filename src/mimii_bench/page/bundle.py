"""Vega, Vega-Lite and Vega-Embed as one script that needs no network."""

import vl_convert


def charts_script() -> str:
    """Return the script, which gives the page its `window.vegaEmbed`."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
