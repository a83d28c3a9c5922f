"""Addresses of the portal. Everything is behind sign-in unless a view says otherwise."""

from django.contrib import admin
from django.urls import include, path

from apps.accounts import oidc
from apps.accounts.views import not_offered, reset_password

urlpatterns = [
    path("", include("apps.catalog.urls")),
    path("", include("apps.runs.urls")),
    path("", include("apps.results.urls")),
    path("", include("apps.home.urls")),
    path("manage/connections/", include("apps.gallery.urls")),
    path("manage/apps/", include("apps.catalog.manage_urls")),
    path("manage/people/", include("apps.accounts.urls")),
    # People are who the company says. Whoever named another's address as theirs could be put into
    # a group in their place; a password of one's own would outlive the company's account.
    path("accounts/email/", not_offered),
    path("accounts/password/set/", not_offered),
    path("accounts/3rdparty/", not_offered),
    path("accounts/password/reset/", reset_password),
    path("accounts/oidc/company/login/", oidc.login),
    path("accounts/oidc/company/login/callback/", oidc.callback),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "apps.home.views.bad_request"
handler403 = "apps.home.views.forbidden"
handler404 = "apps.home.views.not_found"
handler429 = "apps.home.views.too_many"  # django-allauth's limits
handler500 = "apps.home.views.server_error"
