from typing import Any

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "apps.audit"

    def ready(self) -> None:
        from apps.accounts.signals import done  # noqa: PLC0415 (apps must be loaded)

        done.connect(_write_down, dispatch_uid="audit")


def _write_down(verb: str, thing: Any, actor: Any, facts: dict[str, Any], **_: Any) -> None:
    from apps.audit.services import record  # noqa: PLC0415 (apps must be loaded)

    record(verb, thing, actor=actor, **facts)
