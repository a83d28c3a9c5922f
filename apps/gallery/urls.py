from django.urls import path

from apps.gallery import views

app_name = "connections"
urlpatterns = [
    path("", views.connection_list, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:connection_id>/", views.detail, name="detail"),
    path("<uuid:connection_id>/check/", views.check, name="check"),
    path("<uuid:connection_id>/edit/", views.edit, name="edit"),
    path("<uuid:connection_id>/delete/", views.delete, name="delete"),
]
