"""The command `mimii-bench`: a door for each thing that people ask of it.

A command here parses what it is given and prints what it is told; the work is done in the rooms
below. Each is imported when it is called, so that `--help` waits for nothing.
"""
