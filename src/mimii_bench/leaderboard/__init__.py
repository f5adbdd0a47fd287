"""The leaderboard: every system on every unit under one protocol.

Per unit, half of the anomalies and as many normal clips are the test; the other normal clips train.
Nothing is chosen on the test. Systems that learn from anomalies (supervised) are ranked apart.
"""
