"""Connections in the admin, for repair only: keys are changed on their own page, or not at all."""

from __future__ import annotations

from django.contrib import admin

from apps.gallery.models import Connection


@admin.register(Connection)
class ConnectionAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ["name", "url", "dialect", "is_healthy", "checked_at"]
    # An allow-list: a secret added to the model later does not show up here by itself.
    fields = [
        "name",
        "api_url",
        "dialect",
        "has_v3",
        "failures",
        "failing_since",
        "paused_until",
        "last_error",
        "is_healthy",
        "checked_at",
    ]
    readonly_fields = ["failing_since", "last_error", "is_healthy", "checked_at", "api_url"]

    def has_add_permission(self, request: object) -> bool:  # noqa: ARG002
        return False
