"""Forms of the people pages."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.contrib.auth.models import Group
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Name of the group"), max_length=150)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Group.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("There is a group of this name already."))
        return name


class MemberForm(forms.Form):
    """Names one person, by sign-in name or e-mail address."""

    person = forms.CharField(
        label=_("Add a person"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "everybody"}),
        help_text=_("Sign-in name or e-mail address. A person has to have signed in once."),
    )

    def clean_person(self) -> User:
        text: str = self.cleaned_data["person"].strip()
        found = list(User.objects.filter(Q(username__iexact=text) | Q(email__iexact=text))[:2])
        if not found:
            raise forms.ValidationError(_("Nobody here has this sign-in name or address."))
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several accounts have this address. Use the sign-in name instead.")
            )
        return found[0]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].error_messages["required"] = _("Say who.")


class SignInForm(LoginForm):  # type: ignore[misc]
    """Looks up and hashes only what can be a name and a password: longer texts break the lookup."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, limit in (("login", 254), ("password", 1000)):
            self.fields[name].validators.append(MaxLengthValidator(limit))


class LocalPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    """Sends a way to a new password to those who sign in with one, not by the company's account."""

    users: list[User]

    def clean_email(self) -> str:
        address: str = super().clean_email()
        self.users = [user for user in self.users if user.has_usable_password()]
        return address
