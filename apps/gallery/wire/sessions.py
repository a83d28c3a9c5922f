"""One pooled session per connection and thread."""

from __future__ import annotations

import threading
from collections import OrderedDict
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING

import requests

from apps.gallery.wire.sockets import GuardedAdapter

if TYPE_CHECKING:
    from apps.gallery.models import Connection

KEPT = 16  # sessions per thread; the least used is closed first
_mine = threading.local()


def session_for(connection: Connection) -> requests.Session:
    """Return this thread's session; a new secret starts a new one."""
    sessions = _sessions()
    key = (str(connection.pk), str(connection.secret_set_at), connection.url)
    if key not in sessions:
        drop(connection)
        sessions[key] = _new_session()
    sessions.move_to_end(key)
    while len(sessions) > KEPT:
        sessions.popitem(last=False)[1].close()
    return sessions[key]


def drop(connection: Connection) -> None:
    """Close what this thread keeps open to a connection's Gallery."""
    sessions = _sessions()
    for key in [key for key in sessions if key[0] == str(connection.pk)]:
        sessions.pop(key).close()


def _sessions() -> OrderedDict[tuple[str, str, str], requests.Session]:
    if not hasattr(_mine, "sessions"):
        _mine.sessions = OrderedDict()
    found: OrderedDict[tuple[str, str, str], requests.Session] = _mine.sessions
    return found


def _new_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxies, .netrc or authorities from the environment
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.clear()
    adapter = GuardedAdapter()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
