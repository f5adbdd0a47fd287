"""Detectors as ONNX files, which run without this package.

One module of torch maps the samples of a clip to its score: mixes and features (`front_ends`), and
what a system makes of them (`networks`, `classical`). torch.onnx writes it as a graph, `onnx_file`
checks that against our own scores, and puts it where it belongs.
"""
