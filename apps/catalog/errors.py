"""What the catalogue refuses. ``str(error)`` is a sentence for administrators."""


class CatalogError(Exception):
    """A workflow cannot be exposed, or its questions cannot be taken over, as it is."""
