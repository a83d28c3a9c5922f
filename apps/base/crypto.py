"""Secrets at rest: encrypted with the newest key, read with any of them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class Secret:
    """A secret in clear. Shows itself only where ``reveal()`` is called."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("A secret is not pickled.")


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    return _cipher(tuple(settings.ENCRYPTION_KEYS))


if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
else:
    TextField = models.TextField


class EncryptedField(TextField):
    """A text column whose rows hold ciphertext and whose attribute is a ``Secret``.

    Lookups are refused: equal texts do not encrypt to equal rows.
    """

    def from_db_value(self, value: str | None, *_: object) -> Secret | None:
        if value is None:
            return None
        if not value:
            return Secret("")
        try:
            return Secret(cipher().decrypt(value.encode()).decode())
        except InvalidToken:
            raise ImproperlyConfigured(
                "PORTAL_ENCRYPTION_KEYS does not hold the key this database was encrypted with."
            ) from None

    def to_python(self, value: Any) -> Secret | None:
        return value if value is None or isinstance(value, Secret) else Secret(str(value))

    def get_prep_value(self, value: Any) -> str | None:
        secret = self.to_python(value)
        if secret is None:
            return None
        return cipher().encrypt(secret.reveal().encode()).decode() if secret else ""

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        """Serialisers (dumpdata) get the ciphertext, never the text."""
        return self.get_prep_value(self.value_from_object(obj)) or ""
