from django.urls import path

from apps.catalog import views

app_name = "catalog"
urlpatterns = [
    path("", views.catalogue, name="list"),
    path("apps/<uuid:app_id>/star/", views.star, name="star"),
]
