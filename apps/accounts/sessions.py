"""Sessions whose keys stay with the browsers: the database knows each by a digest alone."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone


def row_key(session_key: str) -> str:
    """Return what a session is stored under; who reads the table cannot take a session over."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Django's sessions in the database, stored under a digest of their key."""

    def _get_session_from_db(self) -> Session | None:
        if not self.session_key:
            return None
        rows = Session.objects.filter(expire_date__gt=timezone.now())
        found = rows.filter(session_key=row_key(self.session_key)).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=row_key(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        session = super().create_model_instance(data)
        session.session_key = row_key(session.session_key)
        return session

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=row_key(key)).delete()
