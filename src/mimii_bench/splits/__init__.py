"""The split schemes: a module each; `mimii_bench.splits.base` has the contract.

A scheme is called by the name of its module, and its class is that name in capitals: `random_draw`
is `random_draw.RandomDraw`. One from outside is called as any plugin: `package.module.Class`, or
`/path/to/file.py:Class`.
"""
