"""Addresses of the portal. Everything is behind sign-in unless a view says otherwise."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("apps.catalog.urls")),
    path("", include("apps.runs.urls")),
    path("", include("apps.results.urls")),
    path("", include("apps.home.urls")),
    path("manage/connections/", include("apps.gallery.urls")),
    path("manage/apps/", include("apps.catalog.manage_urls")),
    path("manage/people/", include("apps.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "apps.home.views.bad_request"
handler403 = "apps.home.views.forbidden"
handler404 = "apps.home.views.not_found"
handler500 = "apps.home.views.server_error"
