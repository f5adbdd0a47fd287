"""How the files of recordings begin that are read."""

#: Of libsndfile's many decoders those of no other file are reached.
MAGIC = (b"RIFF", b"RIFX", b"RF64", b"fLaC")
