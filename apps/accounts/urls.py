from django.urls import path

from apps.accounts import views

app_name = "people"
urlpatterns = [
    path("", views.groups, name="list"),
    path("<int:group_id>/", views.group, name="group"),
    path("<int:group_id>/remove/<uuid:user_id>/", views.remove, name="remove"),
]
