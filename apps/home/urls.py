"""Addresses of health, self-check and style pages."""

from django.urls import path

from apps.home import styleguide, theme, views

app_name = "home"
urlpatterns = [
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("manage/status/", views.status, name="status"),
    path("manage/styles/", styleguide.styleguide, name="styleguide"),
    path("theme/", theme.set_theme, name="theme"),
]
