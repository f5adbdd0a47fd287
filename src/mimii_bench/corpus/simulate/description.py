"""The simulation as a corpus: MIMII's names and form, as many clips as one asks for."""

from dataclasses import replace

from mimii_bench.corpus.mimii import MIMII

SIMULATED = replace(MIMII, name="simulated", counts={}, md5={}, url="", part_of=MIMII)
