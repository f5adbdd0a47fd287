"""One training job: fit, score, files; what is interrupted goes on."""
