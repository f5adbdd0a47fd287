"""A report is checked without waiting for torch, scikit-learn or librosa."""

import json

from samples import ROOT, printed_by

SYSTEMS = ROOT / "src/mimii_bench/systems"


def test_no_system_imports_what_computes_until_one_is_made():
    """A module that is loaded lazily stands in `sys.modules` before it is, its parts do not."""
    names = [f"mimii_bench.systems.{path.stem}" for path in sorted(SYSTEMS.glob("*.py"))]
    program = f"""
        import importlib, json, sys, time
        import numpy, mimii_bench.util.options
        began = time.perf_counter()
        for name in {names}:
            importlib.import_module(name)
        seconds = time.perf_counter() - began
        slow = ("torch._C", "sklearn.base", "scipy", "librosa", "safetensors.torch")
        print(json.dumps([seconds, [name for name in slow if name in sys.modules]]))
    """
    seconds, imported = json.loads(printed_by(program))
    assert len(names) > 10
    assert imported == []
    # 50 ms on a quiet machine.
    assert seconds < 1
