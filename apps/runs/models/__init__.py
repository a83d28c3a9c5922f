"""Tables of runs. Reading rights are ``Run.objects.visible_to``; state changes are ``Run.move``."""

from apps.runs.models.files import InputFile, RunOutput
from apps.runs.models.run import Run, RunEvent, RunMessage

__all__ = ["InputFile", "Run", "RunEvent", "RunMessage", "RunOutput"]
