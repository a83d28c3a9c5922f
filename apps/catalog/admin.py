"""Apps in the admin, for repair only: their own pages check and record what is done."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.catalog.models import App, Overlay, QuestionSet
from apps.catalog.services.index import index


class OverlayInline(admin.TabularInline):  # type: ignore[type-arg] # not generic at run time
    model = Overlay
    extra = 0


@admin.register(App)
class AppAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ["title", "connection", "is_live", "for_everyone", "missing_since"]
    list_filter = ["is_live", "connection"]
    search_fields = ["title", "workflow_name", "workflow_id"]
    readonly_fields = ["question_set", "offered_set", "connection", "workflow_id", "created_at"]
    filter_horizontal = ["groups"]
    inlines = [OverlayInline]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def save_model(self, request: HttpRequest, obj: App, form: Any, change: bool) -> None:
        obj.search_text = index(obj)
        super().save_model(request, obj, form, change)


@admin.register(QuestionSet)
class QuestionSetAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # not generic at run time
    list_display = ["app", "digest", "imported_at"]
    readonly_fields = ["app", "digest", "content", "imported_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False
