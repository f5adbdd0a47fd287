"""Systems: anomaly detectors with one way to fit, score, save and load.

`base` holds the contract. A system is a class in a module of its own beside it; `networks` are the
modules of torch that systems train, `learning` is what they are trained with. Importing a system
imports neither torch nor scikit-learn: these are loaded when one is made.
"""
