"""Seeds that depend on what is computed."""

import subprocess
import sys

from mimii_bench.util.seeds import generator, stable_seed
from samples import ROOT


def test_the_seed_of_a_training_never_changes():
    """Were this number to change, so would every result that was ever published."""
    assert stable_seed("mimii_baseline", "dense_ae", "fan/-6dB/id_00", 0) == 6247399954901638434


def test_the_seed_does_not_depend_on_the_process():
    program = "from mimii_bench.util.seeds import stable_seed; print(stable_seed('fan', -6, 1.5))"
    for salt in ("1", "2"):
        printed = subprocess.check_output(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": salt},
        )
        assert int(printed) == stable_seed("fan", -6, 1.5)


def test_parts_are_kept_apart_and_in_order():
    seeds = [stable_seed(*parts) for parts in (("ab", "c"), ("a", "bc"), ("c", "ab"), ("abc",))]
    assert len(set(seeds)) == 4


def test_seeds_fit_what_torch_and_numpy_take():
    seeds = [stable_seed("x", k) for k in range(1000)]
    assert len(set(seeds)) == 1000
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_generators_of_the_same_parts_draw_the_same():
    first, again, other = (generator("bank", k).random() for k in (0, 0, 1))
    assert first == again != other
