"""Scoring: from residuals to one number per clip, and from numbers to a threshold.

Thresholds have one shape: `fit(scores, labels=None)` returns the object, whose `threshold_` is the
number; a clip whose score is above it is called anomalous. `labels` are true for anomalous clips.
"""
