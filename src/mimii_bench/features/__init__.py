"""Features: from one-channel samples to frames, and the HDF5 store that keeps them.

A feature is a class in a module of its own, built from its parameters. `transform(samples)`
returns an array (frame, bin) of type `dtype`; `frames(samples)` and `n_bins` tell its shape
beforehand, `parameters` everything that was set.
"""
