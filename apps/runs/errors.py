"""What can go wrong with a run inside the portal."""


class IllegalMove(Exception):
    """A bug: the machine has no such move."""


class StaleForm(Exception):
    """The app's questions changed, or the app went away, while the form was open."""
