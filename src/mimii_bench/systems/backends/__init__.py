"""Back ends: how far a vector lies from reference vectors, whatever the vectors are.

A vector is an embedding or the pooled features of a clip. `named` makes back ends by their names.
"""
