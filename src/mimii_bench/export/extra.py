"""The packages that ONNX files need and nothing else does: the extra `onnx`."""

from importlib.util import find_spec

from mimii_bench.util.errors import UserError

#: What they are called when they are imported: to write, to run, what torch's exporter needs.
PACKAGES = ("onnx", "onnxruntime", "onnxscript")


def check_installed() -> None:
    """Raise UserError unless they are there."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise UserError(
            f"{missing[0]} is not installed, which ONNX needs: pip install {' '.join(PACKAGES)}"
        )
