"""The doctor: an ordered ladder of probes, each with what was tried, seen and what to do.

Asks only; starts no job, changes nothing at the Gallery, and takes less than 15 seconds.
"""

from apps.gallery.doctor.examination import Finding, check_app, examine
from apps.gallery.doctor.words import as_text, from_json, to_json

__all__ = ["Finding", "as_text", "check_app", "examine", "from_json", "to_json"]
