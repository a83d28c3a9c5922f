"""How bytes get to a Gallery and back: guarded sockets, hard time limits, whole answers."""
