"""Who may enter which route, by GET and by POST without any fields: one row for each.

Columns are ``world.ACTORS``: anonymous, stranger, member, owner, administrator, superuser,
deactivated. ``in`` sends to the sign-in page, ``door`` to the admin's, which sends on to it.
"""

from __future__ import annotations

RIGHTS: dict[str, tuple[str, str]] = {
    "account_change_password": (
        "in 200 200 200 200 200 in",
        "in 200 200 200 200 200 in",
    ),
    "account_confirm_email": (
        "200 200 200 200 200 200 200",
        "404 404 404 404 404 404 404",
    ),
    "account_confirm_login_code": (
        "in 302 302 302 302 302 in",
        "in 302 302 302 302 302 in",
    ),
    "account_email": (
        "in 404 404 404 404 404 in",
        "in 404 404 404 404 404 in",
    ),
    "account_email_verification_sent": (
        "200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405",
    ),
    "account_inactive": (
        "200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405",
    ),
    "account_login": (
        "200 302 302 302 302 302 200",
        "200 302 302 302 302 302 200",
    ),
    "account_logout": (
        "in 200 200 200 200 200 in",
        "in in in in in in in",
    ),
    "account_reauthenticate": (
        "in 200 200 200 200 200 in",
        "in 200 200 200 200 200 in",
    ),
    "account_reset_password": (
        "200 200 200 200 200 200 200",
        "200 200 200 200 200 200 200",
    ),
    "account_reset_password_done": (
        "200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405",
    ),
    "account_reset_password_from_key": (
        "200 200 200 200 200 200 200",
        "200 200 200 200 200 200 200",
    ),
    "account_reset_password_from_key_done": (
        "200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405",
    ),
    "account_set_password": (
        "in 404 404 404 404 404 in",
        "in 404 404 404 404 404 in",
    ),
    "account_signup": (
        "200 302 302 302 302 302 200",
        "200 302 302 302 302 302 200",
    ),
    "admin:account_emailaddress_add": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:account_emailaddress_change": (
        "in door door door 403 302 in",
        "in door door door 403 302 in",
    ),
    "admin:account_emailaddress_changelist": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:account_emailaddress_delete": (
        "in door door door 403 302 in",
        "in door door door 403 302 in",
    ),
    "admin:account_emailaddress_history": (
        "in door door door 302 302 in",
        "in door door door 302 302 in",
    ),
    "admin:accounts_user_add": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:accounts_user_change": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:accounts_user_changelist": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:accounts_user_delete": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:accounts_user_history": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:app_list": (
        "door door door door 404 200 door",
        "door door door door 404 200 door",
    ),
    "admin:audit_auditevent_add": (
        "in door door door 403 403 in",
        "in door door door 403 403 in",
    ),
    "admin:audit_auditevent_change": (
        "in door door door 403 200 in",
        "in door door door 403 403 in",
    ),
    "admin:audit_auditevent_changelist": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:audit_auditevent_delete": (
        "in door door door 403 403 in",
        "in door door door 403 403 in",
    ),
    "admin:audit_auditevent_history": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:auth_group_add": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:auth_group_change": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:auth_group_changelist": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:auth_group_delete": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:auth_group_history": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:auth_user_password_change": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:autocomplete": (
        "door door door door 403 403 door",
        "door door door door 405 405 door",
    ),
    "admin:catalog_app_add": (
        "in door door door 403 403 in",
        "in door door door 403 403 in",
    ),
    "admin:catalog_app_change": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:catalog_app_changelist": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:catalog_app_delete": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:catalog_app_history": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:catalog_questionset_add": (
        "in door door door 403 403 in",
        "in door door door 403 403 in",
    ),
    "admin:catalog_questionset_change": (
        "in door door door 403 200 in",
        "in door door door 403 302 in",
    ),
    "admin:catalog_questionset_changelist": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:catalog_questionset_delete": (
        "in door door door 403 403 in",
        "in door door door 403 403 in",
    ),
    "admin:catalog_questionset_history": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:gallery_connection_add": (
        "in door door door 403 403 in",
        "in door door door 403 403 in",
    ),
    "admin:gallery_connection_change": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:gallery_connection_changelist": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:gallery_connection_delete": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:gallery_connection_history": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:index": (
        "door door door door 200 200 door",
        "door door door door 200 200 door",
    ),
    "admin:jsi18n": (
        "door door door door 200 200 door",
        "door door door door 405 405 door",
    ),
    "admin:login": (
        "in 403 403 403 302 302 in",
        "in 403 403 403 200 200 in",
    ),
    "admin:logout": (
        "door 302 302 302 405 405 door",
        "door 302 302 302 200 200 door",
    ),
    "admin:password_change": (
        "door door door door 200 200 door",
        "door door door door 200 200 door",
    ),
    "admin:password_change_done": (
        "door door door door 200 200 door",
        "door door door door 405 405 door",
    ),
    "admin:socialaccount_socialaccount_add": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:socialaccount_socialaccount_change": (
        "in door door door 403 302 in",
        "in door door door 403 302 in",
    ),
    "admin:socialaccount_socialaccount_changelist": (
        "in door door door 403 200 in",
        "in door door door 403 200 in",
    ),
    "admin:socialaccount_socialaccount_delete": (
        "in door door door 403 302 in",
        "in door door door 403 302 in",
    ),
    "admin:socialaccount_socialaccount_history": (
        "in door door door 302 302 in",
        "in door door door 302 302 in",
    ),
    "admin:view_on_site": (
        "door door door door 404 404 door",
        "door door door door 404 404 door",
    ),
    "catalog:list": (
        "in 200 200 200 200 200 in",
        "in 405 405 405 405 405 in",
    ),
    "catalog:star": (
        "in 405 405 405 405 405 in",
        "in 404 302 302 404 302 in",
    ),
    "connections:check": (
        "in 404 404 404 405 405 in",
        "in 404 404 404 302 302 in",
    ),
    "connections:delete": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 302 302 in",
    ),
    "connections:detail": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 405 405 in",
    ),
    "connections:edit": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 422 422 in",
    ),
    "connections:list": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 405 405 in",
    ),
    "connections:new": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 422 422 in",
    ),
    "home:live": (
        "200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405",
    ),
    "home:ready": (
        "200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405",
    ),
    "home:status": (
        "in 404 404 404 200 200 in",
        "in 405 405 405 405 405 in",
    ),
    "home:styleguide": (
        "in 404 404 404 200 200 in",
        "in 405 405 405 405 405 in",
    ),
    "home:theme": (
        "405 405 405 405 405 405 405",
        "400 400 400 400 400 400 400",
    ),
    "manage_apps:adopt": (
        "in 404 404 404 405 405 in",
        "in 404 404 404 302 302 in",
    ),
    "manage_apps:browse": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 405 405 in",
    ),
    "manage_apps:choose": (
        "in 404 404 404 302 302 in",
        "in 404 404 404 405 405 in",
    ),
    "manage_apps:detail": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 422 422 in",
    ),
    "manage_apps:expose": (
        "in 404 404 404 302 302 in",
        "in 404 404 404 302 302 in",
    ),
    "manage_apps:list": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 405 405 in",
    ),
    "manage_apps:preview": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 405 405 in",
    ),
    "manage_apps:publish": (
        "in 404 404 404 405 405 in",
        "in 404 404 404 302 302 in",
    ),
    "manage_apps:questions": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 302 302 in",
    ),
    "manage_apps:refresh": (
        "in 404 404 404 405 405 in",
        "in 404 404 404 302 302 in",
    ),
    "manage_apps:who": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 302 302 in",
    ),
    "manage_apps:withdraw": (
        "in 404 404 404 405 405 in",
        "in 404 404 404 302 302 in",
    ),
    "openid_connect_callback": (
        "404 404 404 404 404 404 404",
        "405 405 405 405 405 405 405",
    ),
    "openid_connect_login": (
        "404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404",
    ),
    "people:group": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 422 422 in",
    ),
    "people:list": (
        "in 404 404 404 200 200 in",
        "in 404 404 404 422 422 in",
    ),
    "people:remove": (
        "in 404 404 404 405 405 in",
        "in 404 404 404 302 302 in",
    ),
    "results:download": (
        "in 404 404 200 200 200 in",
        "in 405 405 405 405 405 in",
    ),
    "results:picture": (
        "in 404 404 200 200 200 in",
        "in 405 405 405 405 405 in",
    ),
    "results:table": (
        "in 404 404 200 200 200 in",
        "in 405 405 405 405 405 in",
    ),
    "runs:cancel": (
        "in 405 405 405 405 405 in",
        "in 404 404 302 302 302 in",
    ),
    "runs:decide": (
        "in 405 405 405 405 405 in",
        "in 404 404 404 302 302 in",
    ),
    "runs:detail": (
        "in 404 404 200 200 200 in",
        "in 405 405 405 405 405 in",
    ),
    "runs:list": (
        "in 200 200 200 200 200 in",
        "in 405 405 405 405 405 in",
    ),
    "runs:new": (
        "in 404 200 200 404 200 in",
        "in 404 422 422 404 422 in",
    ),
    "socialaccount_connections": (
        "in 404 404 404 404 404 in",
        "in 404 404 404 404 404 in",
    ),
    "socialaccount_login_cancelled": (
        "200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405",
    ),
    "socialaccount_login_error": (
        "in 401 401 401 401 401 in",
        "in 405 405 405 405 405 in",
    ),
    "socialaccount_signup": (
        "in in in in in in in",
        "in in in in in in in",
    ),
}
