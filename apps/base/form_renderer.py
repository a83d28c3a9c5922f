"""Draws Django's forms with the templates of the design system in ``templates/forms``."""

from __future__ import annotations

from pathlib import Path

import django.forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Backend
from django.template.backends.django import Template
from django.utils.functional import cached_property

# Widgets drawn by a template of ours. The others keep Django's, and so does the admin, which
# names templates of its own.
WIDGETS = {
    "text": "input",
    "number": "input",
    "email": "input",
    "url": "input",
    "password": "input",
    "hidden": "input",
    "date": "input",
    "datetime": "input",
    "time": "input",
    "file": "input",
    "search": "input",
    "tel": "input",
    "color": "input",
    "textarea": "textarea",
    "select": "select",
    "checkbox": "checkbox",
    "radio": "radio",
    "checkbox_select": "check_list",
}
OURS = {
    f"django/forms/widgets/{theirs}.html": f"forms/widgets/{ours}.html"
    for theirs, ours in WIDGETS.items()
}


class PortalRenderer(DjangoTemplates):
    """The FORM_RENDERER: label, mark, help, errors and widget in one consistent field.

    It has an engine of its own, so drawing a field runs no context processors.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    @cached_property
    def engine(self) -> Backend:
        return Backend(
            {
                "NAME": "portalforms",
                "DIRS": [
                    settings.BASE_DIR / "templates",
                    Path(django.forms.__file__).parent / "templates",
                ],
                "APP_DIRS": True,
                "OPTIONS": {},
            }
        )

    def get_template(self, template_name: str) -> Template:
        return self.engine.get_template(OURS.get(template_name, template_name))
