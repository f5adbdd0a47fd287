"""`mimii-bench export`: a detector as a file that runs without this package."""

import click

from mimii_bench.cli.common import limit_threads, say

_EXAMPLES = """
\b
Examples:
  mimii-bench export pump.model --onnx pump.onnx

\b
In Python, of a clip of float32 in [-1, 1], (channel, sample), at the model's rate:
  import onnxruntime
  session = onnxruntime.InferenceSession("pump.onnx")
  facts = session.get_modelmeta().custom_metadata_map
  (score,) = session.run(None, {"samples": clip})
  print(float(score) > float(facts["threshold"]))
"""


@click.command(epilog=_EXAMPLES)
@click.argument("model", type=click.Path())
@click.option("--onnx", required=True, type=click.Path(dir_okay=False), help="The file to write.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("-q", "--quiet", is_flag=True, help="Do not say what was written.")
def export(model: str, onnx: str, force: bool, quiet: bool) -> None:
    """Write a MODEL that mimii-bench fit made as an ONNX file: from samples to score.

    The file holds mixes, features and system; rate, channels, threshold and all else that the model
    says of itself are in its metadata. It takes clips of every length, at the rate of the model:
    resample before. Before it is written, its scores are compared with the model's own.

    Needs the extra onnx: pip install onnx onnxruntime onnxscript.
    """
    limit_threads(1)
    from pathlib import Path

    from mimii_bench.util.errors import UserError

    if Path(onnx).exists() and not force:
        raise UserError(f"{onnx}: exists; --force replaces it")
    from mimii_bench.export.extra import check_installed

    check_installed()
    from mimii_bench.detector.files import load_detector
    from mimii_bench.export.onnx_file import export_onnx

    written = export_onnx(load_detector(model), onnx)
    if not quiet:
        for line in written.lines(onnx):
            say(line)
