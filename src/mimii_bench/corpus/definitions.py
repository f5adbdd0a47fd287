"""The names of a corpus as JSON schemas, for the schemas of configuration and reports."""

from mimii_bench.corpus.base import NAME_PATTERN, Corpus
from mimii_bench.corpus.mimii import MIMII
from mimii_bench.corpus.simulate.description import SIMULATED
from mimii_bench.util.schema import END_OF_TEXT


def unit_definitions(corpus: Corpus) -> dict:
    """Return JSON schemas of lists of machines, SNRs and ids, for `$defs` of the other schemas.

    MIMII's names are always among them, since the reports are of MIMII; where a corpus is what is
    found, all names are. The simulation's stand beside them: `simulated_machines` and so on.
    """
    found = {}
    for field, names in corpus.names.items():
        known = MIMII.names[field]
        free = {"type": "string", "pattern": f"^{NAME_PATTERN}{END_OF_TEXT}", "maxLength": 64}
        every = None if names is None else list(dict.fromkeys((*known, *names)))
        found[f"{field}s"] = _list_of(free if every is None else {"enum": every})
        found[f"simulated_{field}s"] = _list_of({"enum": list(SIMULATED.names[field])})
    return found


def _list_of(item: dict) -> dict:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": item}
