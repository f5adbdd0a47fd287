"""Layers and networks that systems are made of."""
