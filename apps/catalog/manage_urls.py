from django.urls import path

from apps.catalog import browse_views, manage_views

app_name = "manage_apps"
urlpatterns = [
    path("", manage_views.app_list, name="list"),
    path("new/", browse_views.choose, name="choose"),
    path("new/<uuid:connection_id>/", browse_views.browse, name="browse"),
    path("new/<uuid:connection_id>/<str:workflow_id>/", browse_views.expose, name="expose"),
    path("<uuid:app_id>/", manage_views.detail, name="detail"),
    path("<uuid:app_id>/questions/", manage_views.questions, name="questions"),
    path("<uuid:app_id>/who/", manage_views.who, name="who"),
    path("<uuid:app_id>/preview/", manage_views.preview, name="preview"),
    path("<uuid:app_id>/refresh/", manage_views.refresh, name="refresh"),
    path("<uuid:app_id>/adopt/", manage_views.adopt, name="adopt"),
    path("<uuid:app_id>/publish/", manage_views.publish, name="publish"),
    path("<uuid:app_id>/withdraw/", manage_views.withdraw, name="withdraw"),
]
