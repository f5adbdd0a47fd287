"""How far a run is, by what its jobs are expected to take."""
