"""Addresses of health, self-check, theme and style pages."""

from django.urls import path

from apps.home import views
from apps.home.styleguide import styleguide
from apps.home.theme import set_theme

app_name = "home"
urlpatterns = [
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("theme/", set_theme, name="theme"),
    path("manage/status/", views.status, name="status"),
    path("manage/style/", styleguide, name="styleguide"),
]
