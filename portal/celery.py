"""Celery: a doorbell and a clock. What a message says is "look now"; the rows say the rest."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
# By name, so that importing this package reads no setting yet.
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
