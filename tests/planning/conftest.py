"""Projects that are planned without a workflow, for tests of planning."""

from projects import project, tiny

__all__ = ["project", "tiny"]
