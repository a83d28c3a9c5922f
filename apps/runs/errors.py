"""What can go wrong with a run inside the portal."""


class IllegalMove(Exception):
    """A bug: the machine has no such move."""
