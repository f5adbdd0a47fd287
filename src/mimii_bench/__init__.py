"""One reproducible pipeline for anomalous-sound detectors on the MIMII recordings."""
