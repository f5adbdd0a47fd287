"""Systems: anomaly detectors with one way to fit, score, save and load.

A system is a class in a module of its own, built from its options, a seed and a device.
`fit(*inputs, validation=None)` takes one array (clip, frame, bin) of normal clips per input, and
perhaps a tuple of such arrays that only watch the loss. `score(clips)` takes an iterable of clips,
each a tuple of arrays (frame, bin), and returns {name of the score: one number per clip}, higher =
more anomalous; a system with one score calls it `score`. `save(weights, description)` and `load`
keep it; `history_` tells how training went, `parameters` counts the trained weights.
"""
