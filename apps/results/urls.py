from django.urls import path

from apps.results import views

app_name = "results"
urlpatterns = [
    path("outputs/<uuid:output_id>/", views.table, name="table"),
    path("outputs/<uuid:output_id>/picture/", views.picture, name="picture"),
    path("outputs/<uuid:output_id>/download/", views.download, name="download"),
]
