"""The listening room: clips that a system ranks first, last and most wrongly, to hear and to see.

`choosing` picks them from scores, `hearing` reads their samples from the corpus as the system hears
them, `tracing` scores pieces of them, `pictures` draws them, and `room` writes it all to a folder.
"""
