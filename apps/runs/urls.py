from django.urls import path

from apps.runs import views

app_name = "runs"
urlpatterns = [
    path("apps/<uuid:app_id>/", views.new, name="new"),
    path("runs/", views.history, name="list"),
    path("runs/<uuid:run_id>/", views.detail, name="detail"),
    path("runs/<uuid:run_id>/cancel/", views.cancel, name="cancel"),
    path("runs/<uuid:run_id>/decide/", views.decide, name="decide"),
]
