"""The one exception whose message is meant for the person at the keyboard."""


class UserError(Exception):
    """What went wrong and how to mend it, in one line that names the file or key concerned."""
