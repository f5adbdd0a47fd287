"""Files of encoders, ONNX or TorchScript: whether they are those that are meant; running them.

Both formats hold a graph and its weights. ONNX files are read by onnxruntime. TorchScript archives
are read by `torch.jit.load`, whose reader makes tensors and TorchScript classes of what is pickled
inside and calls no Python; what the graph computes is up to whoever made it. A file is opened only
if it has the SHA-256 that its description tells.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import wrapt

from mimii_bench.util.checksums import file_checksum
from mimii_bench.util.errors import UserError

onnxruntime = wrapt.lazy_import("onnxruntime")
torch = wrapt.lazy_import("torch")

#: Endings of the files.
ONNX, TORCHSCRIPT = (".onnx",), (".pt", ".pts", ".ts")
#: Takes a batch of segments, and returns the outputs by their names.
Encode = Callable[[np.ndarray], dict[str, np.ndarray]]


def lacking(path: Path, sha256: str | None) -> str:
    """Return what is missing to use a file, with the mend; nothing where it can be used."""
    if not path.is_file():
        return f"{path} is not there; docs/encoders.md says where encoders come from"
    if path.suffix not in ONNX + TORCHSCRIPT:
        return f"{path}: an encoder ends in {' or '.join(ONNX + TORCHSCRIPT)}; export it so"
    if path.suffix in ONNX and importlib.util.find_spec("onnxruntime") is None:
        return f"{path} needs onnxruntime: pip install onnxruntime"
    if sha256 is None:
        return (
            f"{path} is there, and nothing says which file it must be; if it is the right one, "
            f"add to its options sha256: {file_checksum(path)}"
        )
    return ""


def opened(path: Path, sha256: str | None) -> Encode:
    """Return an encoder that computes on the CPU, in as many threads as torch does.

    Raises
    ------
    UserError
        For a file that is missing, has another checksum, or is no encoder.
    """
    if why := lacking(path, sha256):
        raise UserError(why)
    found = file_checksum(path)
    if found != sha256:
        raise UserError(
            f"{path}: its SHA-256 is {found}, not {sha256}; fetch the right file, or correct sha256"
        )
    try:
        return _onnx(path) if path.suffix in ONNX else _torchscript(path)
    except UserError:
        raise
    except Exception as error:
        # Of a damaged file both libraries raise whatever they like.
        raise UserError(f"{path}: no encoder can be read from it ({_line(error)})") from error


def _onnx(path: Path) -> Encode:
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = torch.get_num_threads()
    settings.inter_op_num_threads = 1
    settings.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), settings, ["CPUExecutionProvider"])
    if len(session.get_inputs()) != 1:
        names = ", ".join(one.name for one in session.get_inputs())
        raise UserError(f"{path}: it has several inputs ({names}); export one with a single input")
    (given,) = session.get_inputs()
    names = [one.name for one in session.get_outputs()]

    def encode(batch: np.ndarray) -> dict[str, np.ndarray]:
        return dict(zip(names, session.run(names, {given.name: batch}), strict=True))

    return encode


def _torchscript(path: Path) -> Encode:
    with warnings.catch_warnings():
        # The format is deprecated, which who has such a file cannot mend.
        warnings.simplefilter("ignore", DeprecationWarning)
        module = torch.jit.load(str(path), map_location="cpu").eval()

    def encode(batch: np.ndarray) -> dict[str, np.ndarray]:
        with torch.inference_mode():
            found = module(torch.from_numpy(batch))
        return {name: tensor.numpy() for name, tensor in _named(found)}

    return encode


def _named(found: object) -> Sequence[tuple[str, object]]:
    """Return the tensors that a module gave, by key or by place."""
    if isinstance(found, dict):
        named = list(found.items())
    elif isinstance(found, (tuple, list)):
        named = [(str(place), one) for place, one in enumerate(found)]
    else:
        named = [("0", found)]
    return [(name, one) for name, one in named if isinstance(one, torch.Tensor)]


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
