"""The form of a connection."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.gallery import guard
from apps.gallery.models import Connection

# What pasting adds at the ends and str.strip() leaves: invisible characters.
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\xa0"


class ConnectionForm(forms.Form):
    """Name, address and key of a Gallery; the stored secret is never part of it.

    Attributes:
        notices: what was corrected silently, for people to read after saving.
    """

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("How people here call this Gallery, such as “Production”."),
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=guard.LONGEST_URL,
        help_text=gettext_lazy(
            "The address people open the Gallery with, such as https://host/gallery. "
            "The portal finds the API by itself."
        ),
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    client_key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=200,
        strip=False,
        help_text=gettext_lazy(
            "In the Gallery: My Profile, Keys. API Access for servers of 2021.4 and newer, "
            "Private Studio for older ones."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=gettext_lazy("Secret"),
        max_length=4096,
        strip=False,
        help_text=gettext_lazy("Stored encrypted and never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(
        self, data: Any = None, *, connection: Connection | None = None, **kwargs: Any
    ) -> None:
        self.connection = connection
        self.notices: list[str] = []
        if connection:
            columns = ("name", "url", "client_key")
            kwargs["initial"] = {column: getattr(connection, column) for column in columns}
        super().__init__(data, **kwargs)
        if connection:
            self.fields["secret"].required = False
            self.fields["secret"].help_text = _(
                "Leave it empty to keep the stored one, which is never shown."
            )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Connection.objects.filter(name__iexact=name)
        if self.connection:
            others = others.exclude(pk=self.connection.pk)
        if others.exists():
            raise forms.ValidationError(_("There is a connection of this name already."))
        return name

    def clean_url(self) -> str:
        text: str = self.cleaned_data["url"]
        try:
            url = guard.canonical_url(text)
        except guard.AddressRefused as error:
            raise forms.ValidationError(str(error)) from None
        if url != text.rstrip("/"):
            self.notices.append(_("The address was written out as %s.") % url)
        return url

    def clean_client_key(self) -> str:
        text = self._trimmed("client_key")
        if not text:
            raise forms.ValidationError(_("Enter the key."))
        return text

    def clean_secret(self) -> str:
        text = self._trimmed("secret")
        if not text and not self.connection:
            raise forms.ValidationError(_("Enter the secret."))
        return text

    def _trimmed(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        trimmed = text.strip().strip(UNSEEN).strip()
        if trimmed != text and trimmed:
            words = _("A blank at the end of what was pasted as “%s” was dropped.")
            self.notices.append(words % self.fields[name].label)
        return trimmed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        url, secret = cleaned.get("url"), cleaned.get("secret")
        if self.connection and url and not secret and self._leads_elsewhere(url):
            words = _("The address leads to another machine or port: enter its secret again.")
            self.add_error("secret", words)
        return cleaned

    def _leads_elsewhere(self, url: str) -> bool:
        assert self.connection is not None
        return urlsplit(url)[:2] != urlsplit(self.connection.url)[:2]
