"""The people and studios of the pretend Gallery, with their keys.

The keys guard nothing but sample figures; they are the same at every start so that the demo,
the doctor's tests and the handbook can name them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from apps.emulator import ids


class Role(StrEnum):
    VIEWER = "Viewer"
    MEMBER = "Member"
    ARTISAN = "Artisan"
    CURATOR = "Curator"


class PairKind(StrEnum):
    """Which of the two pairs on *My Profile > Keys* it is."""

    STUDIO = "Private Studio"
    USER = "API Access"


@dataclass(frozen=True)
class KeyPair:
    """A key and its secret, in the shape a server makes them."""

    key: str
    secret: str
    kind: PairKind

    def __repr__(self) -> str:
        return f"KeyPair({self.kind}, {self.key[:8]}…)"


@dataclass(frozen=True)
class Studio:
    """A studio (subscription): what a *Private Studio* pair can see."""

    name: str
    pair: KeyPair

    @property
    def id(self) -> str:
        return ids.derived("objectid", "studio", self.name)


@dataclass(frozen=True)
class Person:
    """A user of the Gallery."""

    first_name: str
    last_name: str
    role: Role
    studio: Studio
    pair: KeyPair
    api_enabled: bool = True

    @property
    def id(self) -> str:
        return ids.derived("objectid", "user", self.email)

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@gallery.example".lower()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def is_curator(self) -> bool:
        return self.role is Role.CURATOR


def _pair(kind: PairKind, owner: str) -> KeyPair:
    """Make a pair: 15 hex digits that count .NET ticks, more hex, and a secret of 64 hex digits."""
    since = ids.moment("pair", kind, owner) - datetime(1, 1, 1, tzinfo=UTC)
    ticks = (since.days * 86_400 + since.seconds) * 10_000_000 + since.microseconds * 10
    tail = hashlib.sha256(f"key of {kind} {owner}".encode()).hexdigest()
    secret = hashlib.sha256(f"secret of {kind} {owner}".encode()).hexdigest()
    length = 55 if kind is PairKind.USER else 79
    return KeyPair(f"{ticks:015x}{tail}"[:length].upper(), secret, kind)


@lru_cache
def studio(name: str) -> Studio:
    """Return the studio of this name; its identifier and pair follow from the name."""
    return Studio(name, _pair(PairKind.STUDIO, name))


def _person(first: str, last: str, role: Role, home: Studio, *, api_enabled: bool = True) -> Person:
    return Person(first, last, role, home, _pair(PairKind.USER, f"{first} {last}"), api_enabled)


FINANCE = studio("Finance")
OPERATIONS = studio("Operations")
STUDIOS = (FINANCE, OPERATIONS)

CURATOR = _person("Clara", "Weiss", Role.CURATOR, FINANCE)
ARTISAN = _person("Adam", "Novak", Role.ARTISAN, FINANCE)
PLANNER = _person("Paula", "Okafor", Role.ARTISAN, OPERATIONS)
MEMBER = _person("Martin", "Lind", Role.MEMBER, FINANCE, api_enabled=False)
PEOPLE = (CURATOR, ARTISAN, PLANNER, MEMBER)
