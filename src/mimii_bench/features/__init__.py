"""Features: from one-channel samples to frames, and the HDF5 store that keeps them.

A feature is a class in a module of its own; `mimii_bench.features.base` has the contract. It is
made for the sample rate of the recordings, which no option states.
"""
