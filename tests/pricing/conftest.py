"""Projects that are planned without a workflow, for tests of what runs need."""

from projects import project, tiny

__all__ = ["project", "tiny"]
