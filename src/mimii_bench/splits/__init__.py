"""The split schemes: a module each, with a function `roles`; see `mimii_bench.splits.base`."""
