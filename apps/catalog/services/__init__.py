"""What people can do with apps. One verb per function; all of them are audited."""

from apps.catalog.services.apps import change_app, expose, obstacle, publish, withdraw
from apps.catalog.services.favourites import toggle_favourite
from apps.catalog.services.overlays import set_overlay, set_overlays
from apps.catalog.services.questions import adopt_questions, import_questions

__all__ = [
    "adopt_questions",
    "change_app",
    "expose",
    "import_questions",
    "obstacle",
    "publish",
    "set_overlay",
    "set_overlays",
    "toggle_favourite",
    "withdraw",
]
