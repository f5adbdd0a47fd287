"""From scores to numbers: metrics, intervals, thresholds, score files; each defined once."""
