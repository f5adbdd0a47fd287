"""What a wheel holds beside the library: the workflow, which `mimii_bench.util.checkout` finds.

An editable installation has none of it: it uses the files of its checkout.
"""

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WORKFLOW = ("Snakefile", "config.yaml", "config", "profiles", "workflow", "reports", "leaderboard")


class Workflow(BuildHookInterface):
    """Puts the workflow beside the modules."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Add to the files of the wheel; hatchling calls it before it builds one."""
        if version != "editable":
            build_data["force_include"].update(
                {name: f"mimii_bench/checkout/{name}" for name in WORKFLOW}
            )
