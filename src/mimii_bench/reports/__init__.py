"""A report's data, its cells, our number for each, claims and tables."""
