"""ONNX files of detectors: graph, what it says of itself, proof that it scores alike."""

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from mimii_bench.detector.detector import Detector
from mimii_bench.export.detector_module import (
    FromFrames,
    FromSamples,
    least_samples,
    module_of,
)
from mimii_bench.export.extra import check_installed
from mimii_bench.export.proof import inputs_of, noise_for, our_score, relative, session_of
from mimii_bench.util.atomic import replacing
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    import onnx

#: The oldest version of the operators that holds all of ours, which the most runtimes know.
OPSET = 18
#: Relative difference between a file's scores and ours that is taken for rounding.
TOLERANCE = 1e-4
#: In the clip whose operations are recorded; it is not computed. What is left of few frames behind
#: convolutions would be taken for the one number that there can be.
_FRAMES_RECORDED = 5000
#: Lengths of the clips that a file is tried on, as multiples of the shortest that it takes.
_TRIED = (1.0, 2.7, 8.3)


class Port(NamedTuple):
    """An input or output of a graph; sizes that differ between clips have a name."""

    name: str
    type: str
    shape: tuple[int | str, ...]


class Exported(NamedTuple):
    """What was written.

    Attributes
    ----------
    inputs, outputs : list of Port
    facts : dict of str to str
        The file's metadata.
    difference : float
        From our scores, on clips of noise of several lengths; see `relative`.
    """

    inputs: list[Port]
    outputs: list[Port]
    facts: dict[str, str]
    difference: float

    def lines(self, name: str) -> Iterator[str]:
        """Yield what there is to say of it, in lines of text; `name` is the file's."""
        begins = self.facts["begins_at"]
        yield f"{name}: {self.facts['name']}, from {begins} to {self.facts['kind']}"
        for side, ports in (("input", self.inputs), ("output", self.outputs)):
            for port in ports:
                yield f"{side} {port.name}: {port.type}, {_sizes(port)}"
        yield (
            f"{self.facts['sample_rate']} Hz, {self.facts['channels']} channel(s), at least "
            f"{self.facts['minimum_samples']} samples; threshold {self.facts['threshold']}"
        )
        yield f"scores differ from the model's by at most {self.difference:.1g}, relative"


def _sizes(port: Port) -> str:
    return f"({', '.join(map(str, port.shape))})" if port.shape else "one number"


def export_onnx(detector: Detector, path: Path | str) -> Exported:
    """Write a detector as an ONNX file, whole or not at all.

    Parameters
    ----------
    detector : Detector
    path : path

    Raises
    ------
    UserError
        Where the extra `onnx` is not installed, for a system or kind of score that cannot be
        expressed, and where the file's scores would not be ours.
    """
    check_installed()
    module = module_of(detector)
    facts = facts_of(detector, module)
    data = _described(_graph(detector, module), facts)
    inputs, outputs, difference = _tried(detector, module, data)
    if not difference <= TOLERANCE:
        raise UserError(
            f"{path}: not written: onnxruntime's scores differ from ours by {difference:.1g}, "
            f"relative, where {TOLERANCE:g} is rounding; report it with the model"
        )
    with replacing(path) as part:
        part.write_bytes(data)
    return Exported(inputs, outputs, facts, difference)


def facts_of(detector: Detector, module: FromFrames) -> dict[str, str]:
    """Return what a file says of itself: its metadata, in which all values are text.

    What is no text is JSON. The threshold is that of clips of `window_samples`; `begins_at` is
    `samples`, or `features` for a front end that ONNX cannot express.
    """
    package = metadata("mimii-bench")
    told = detector.description
    features = [
        {"class": type(feature).__name__, **feature.parameters} for feature in detector.features
    ]
    facts = {
        "name": told.get("system", {}).get("name", type(detector.system).__name__),
        "version": package["Version"],
        "licence": package["License-Expression"] or package["License"],
        "begins_at": "samples" if isinstance(module, FromSamples) else "features",
        "sample_rate": detector.front_end.sample_rate,
        "channels": detector.front_end.channels,
        "minimum_samples": least_samples(detector),
        "window_samples": told.get("window"),
        "kind": detector.kind,
        "threshold": detector.threshold,
        "mixes": list(detector.mixes),
        "features": features,
        "system": type(detector.system).__name__,
        "options": detector.system.options.model_dump(),
        "ids": detector.system.ids if module.takes_id else None,
        "description": told,
    }
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in facts.items()
        if value is not None
    }


def _graph(detector: Detector, module: FromFrames) -> "onnx.ModelProto":
    """Return the graph of a module, for clips of every length from the shortest on."""
    length = least_samples(detector, _FRAMES_RECORDED)
    example = inputs_of(detector, module, noise_for(detector, length))
    tensors = tuple(torch.from_numpy(array) for array in example.values())
    with _silence(), torch.no_grad():
        program = torch.onnx.export(
            module,
            tensors,
            dynamo=True,
            opset_version=OPSET,
            input_names=list(example),
            output_names=["score"],
            dynamic_shapes=(_lengths(detector, module, example),),
            verbose=False,
        )
    return program.model_proto


def _lengths(detector: Detector, module: FromFrames, example: dict[str, np.ndarray]) -> tuple:
    """Return which size of each input differs between clips, as torch.export is told it."""
    if isinstance(module, FromSamples):
        # Its guards speak of samples, of which a clip can have any number.
        shapes = [{1: torch.export.Dim("samples", min=least_samples(detector))}]
    else:
        names = [name for name in example if name != "id"]
        shapes = [{0: torch.export.Dim(f"frames_{place}")} for place in range(len(names))]
    return (*shapes, {}) if module.takes_id else tuple(shapes)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep back what the exporter tells of packages that are not needed, and of torch's future."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _described(graph: "onnx.ModelProto", facts: dict[str, str]) -> bytes:
    """Return a file of a graph with its metadata, and without the traces of how it was recorded."""
    import onnx

    graph.producer_name, graph.producer_version = "mimii-bench", facts["version"]
    graph.doc_string = f"{facts['name']}: anomaly score of a clip, higher = more anomalous."
    for nodes in (graph.graph.node, *(function.node for function in graph.functions)):
        for node in nodes:
            node.ClearField("metadata_props")
            node.ClearField("doc_string")
    graph.graph.ClearField("metadata_props")
    for value in (*graph.graph.value_info, *graph.graph.input, *graph.graph.output):
        value.ClearField("metadata_props")
    for tensor in graph.graph.initializer:
        tensor.ClearField("metadata_props")
    onnx.helper.set_model_props(graph, facts)
    onnx.checker.check_model(graph)
    return graph.SerializeToString(deterministic=True)


def _tried(
    detector: Detector, module: FromFrames, data: bytes
) -> tuple[list[Port], list[Port], float]:
    """Return inputs and outputs of a file, and how far its scores lie from ours on some clips."""
    session = session_of(data)
    if not any(isinstance(size, str) for size in session.get_inputs()[0].shape):
        raise UserError(
            f"{type(detector.system).__name__}: not written: torch.onnx makes a graph for clips of "
            "one length only; report it with the model"
        )
    clips = [noise_for(detector, int(times * least_samples(detector))) for times in _TRIED]
    found = [float(session.run(None, inputs_of(detector, module, clip))[0]) for clip in clips]
    wanted = [our_score(detector, clip) for clip in clips]
    ports = [
        [Port(one.name, one.type, tuple(one.shape)) for one in side]
        for side in (session.get_inputs(), session.get_outputs())
    ]
    return *ports, relative(found, wanted)
