"""Addresses of health, self-check and style pages."""

from django.urls import path

from apps.home import views

app_name = "home"
urlpatterns = [
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("manage/status/", views.status, name="status"),
]
