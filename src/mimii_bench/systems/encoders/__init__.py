"""Encoders that others trained, from files."""
