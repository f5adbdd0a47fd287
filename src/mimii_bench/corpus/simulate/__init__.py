"""A simulated corpus in exactly MIMII's layout, for runs without the 100 GB of recordings.

`bank.make_bank` computes the room and the factory noise once; `archives.make_archives` writes the
zips of one machine type. What is simulated, and how far it is from the recordings:
docs/simulation.md.
"""


def model_module(machine: str) -> str:
    """Return the full name of the module with a machine type's units and sounds.

    Looked up by name, not imported in a list of all: one machine's zips do not depend on the code
    of the others.
    """
    return f"{__name__}.{machine}"
