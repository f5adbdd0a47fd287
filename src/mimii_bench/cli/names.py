"""Names of systems as an argument that a shell completes."""

import click
from click.shell_completion import CompletionItem


class SystemName(click.ParamType):
    """The name of a system of the leaderboard; whether there is such a one, its reader says."""

    name = "name"

    def shell_complete(
        self, context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names that begin so, each with what it is."""
        from mimii_bench.leaderboard.catalog import systems_file
        from mimii_bench.util.documents import read_yaml

        known = read_yaml(systems_file())["systems"]
        return [
            CompletionItem(name, help=given.get("what"))
            for name, given in known.items()
            if name.startswith(incomplete)
        ]
