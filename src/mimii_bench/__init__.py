"""One reproducible pipeline for anomalous-sound detectors on the MIMII recordings."""

__version__ = "0.1.0"
