"""Systems: anomaly detectors with one way to fit, score, save and load.

A system is a class in a module of its own, built from its options, a seed and a device.
`fit(*inputs)` takes one array (clip, frame, bin) per input; `score(clips)` takes an iterable of
clips, each a tuple of arrays (frame, bin), and returns one number per clip, higher = more
anomalous. `save(weights, description)` and `load` keep it; `history_` tells how training went.
"""
