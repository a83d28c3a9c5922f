"""Every named address of the portal, with what stands in its place holders in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.security.world import World


def all_names() -> list[str]:
    """Return the names of all routes, with their name spaces; nameless ones are redirects."""
    return sorted(set(_names(get_resolver().url_patterns, "")))


def _names(patterns: list[Any], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}"


def _of(*names: str) -> Callable[[World], list[Any]]:
    values: Mapping[str, Callable[[World], Any]] = {
        "app": lambda w: w.app.pk,
        "run": lambda w: w.run.pk,
        "table": lambda w: w.table.pk,
        "picture": lambda w: w.picture.pk,
        "connection": lambda w: w.app.connection_id,
        "workflow": lambda w: w.app.workflow_id,
        "group": lambda w: w.group.pk,
        "person": lambda w: w.people["member"].pk,
        "event": lambda w: w.event.pk,
        "set": lambda w: w.app.question_set_id,
    }
    return lambda world: [values[name](world) if name in values else name for name in names]


ARGUMENTS = {
    "catalog:star": _of("app"),
    "runs:new": _of("app"),
    "results:table": _of("table"),
    "results:picture": _of("picture"),
    "results:download": _of("table"),
    "manage_apps:browse": _of("connection"),
    "manage_apps:expose": _of("connection", "workflow"),
    "people:group": _of("group"),
    "people:remove": _of("group", "person"),
    "account_confirm_email": _of("MQ:1abcde:signature"),
    "account_reset_password_from_key": _of("1", "set-password"),
    "openid_connect_login": _of("company"),
    "openid_connect_callback": _of("company"),
    "admin:app_list": _of("auth"),
    "admin:view_on_site": _of("1", "1"),
    "admin:auth_user_password_change": _of("person"),
}
# By the beginning of a name, for families whose members all take the same.
FAMILIES = {
    "runs:": _of("run"),
    "connections:": _of("connection"),
    "manage_apps:": _of("app"),
    "admin:auth_group_": _of("group"),
    "admin:accounts_user_": _of("person"),
    "admin:audit_auditevent_": _of("event"),
    "admin:gallery_connection_": _of("connection"),
    "admin:catalog_app_": _of("app"),
    "admin:catalog_questionset_": _of("set"),
    "admin:account_emailaddress_": _of("1"),
    "admin:socialaccount_socialaccount_": _of("1"),
}
WITHOUT = (":list", ":new", ":choose", "_changelist", "_add")


def address(name: str, world: World) -> str:
    """Return where a route leads in this world."""
    arguments = ARGUMENTS.get(name)
    if arguments is None and not name.endswith(WITHOUT):
        arguments = next((f for start, f in FAMILIES.items() if name.startswith(start)), None)
    return reverse(name, args=arguments(world) if arguments else None)
