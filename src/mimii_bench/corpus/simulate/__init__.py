"""A simulated corpus in exactly MIMII's layout, for runs without the 100 GB of recordings.

`make_bank` computes the room and the factory noise once; `make_archives` writes the zips of one
machine type. What is simulated, and how far it is from the recordings: docs/simulation.md.
"""

from mimii_bench.corpus.simulate.archives import make_archives
from mimii_bench.corpus.simulate.bank import make_bank

__all__ = ["make_archives", "make_bank"]
