"""What the catalogue page shows: favourites first, then tiles by category."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.catalog.models import App, Favourite, colour_of
from apps.catalog.services.index import fold

_ANY = UUID(int=0)
# So few are seen at a glance: headings of their own would leave most of the page empty.
FEW = 12
_SHOWN = ("pk", "title", "summary", "category", "icon", "search_text")


@dataclass(frozen=True, slots=True)
class Tile:
    """One app as it stands in the catalogue."""

    pk: UUID
    title: str
    summary: str
    category: str
    icon: str
    search_text: str
    href: str
    is_favourite: bool
    is_match: bool  # of what was searched for; others are there for the filter, and hidden
    trouble: str  # why a run would not start at the moment, or ""

    @property
    def colour(self) -> str:
        return colour_of(self.category)


@lru_cache(maxsize=8192)
def _drawn(tile: Tile, template: str, is_mixed: bool, _language: str | None) -> str:
    """Draw a tile once for all who see the same: pages of 200 apps are common, changes are not."""
    return render_to_string(template, {"tile": tile, "is_mixed": is_mixed})


@dataclass(frozen=True, slots=True)
class Section:
    """Tiles under one heading; the heading is empty where there is only one kind of them."""

    title: str
    tiles: tuple[Tile, ...]
    icon: str = ""
    is_mixed: bool = False  # of several categories, so each tile names its own

    @property
    def is_empty(self) -> bool:
        """Whether a search leaves nothing of it."""
        return not any(tile.is_match for tile in self.tiles)

    def as_tiles(self) -> list[str]:
        return self._drawn("catalog/_tile.html")

    def as_rows(self) -> list[str]:
        return self._drawn("catalog/_row.html")

    def _drawn(self, template: str) -> list[str]:
        language = get_language()
        return [_drawn(tile, template, self.is_mixed, language) for tile in self.tiles]


def tiles_for(user: User, search: str = "") -> list[Tile]:
    """Return everything a person may run, by title, in one query."""
    starred = Favourite.objects.filter(user=user, app=OuterRef("pk"))
    apps = (
        App.objects.visible_to(user)
        .annotate(is_favourite=Exists(starred), paused_until=F("connection__paused_until"))
        .order_by("title", "pk")
        .values_list(*_SHOWN, "is_favourite", "missing_since", "paused_until")
    )
    words, now = fold(search).split(), timezone.now()
    pattern = reverse("runs:new", args=[_ANY])
    tiles = []
    for *shown, is_favourite, missing_since, paused_until in apps:
        facts = dict(zip(_SHOWN, shown, strict=True))
        tile = Tile(
            **facts,
            href=pattern.replace(str(_ANY), str(facts["pk"])),
            is_favourite=is_favourite,
            is_match=all(word in facts["search_text"] for word in words),
            trouble=_trouble(missing_since, paused_until, now),
        )
        tiles.append(tile)
    return tiles


def _trouble(missing_since: datetime | None, paused_until: datetime | None, now: datetime) -> str:
    if missing_since:
        return _("Not available at the moment")
    if paused_until and paused_until > now:
        return _("Waits: the Gallery does not answer")
    return ""


def categories(tiles: Iterable[Tile]) -> list[str]:
    return sorted({tile.category for tile in tiles if tile.category}, key=str.casefold)


def sections(tiles: Sequence[Tile], category: str = "") -> list[Section]:
    """Group tiles: favourites, then categories by name, then the rest; a few stay together."""
    wanted = [tile for tile in tiles if not category or tile.category == category]
    is_mixed = len(tiles) <= FEW and len({tile.category for tile in wanted}) > 1
    starred = tuple(tile for tile in wanted if tile.is_favourite)
    found = [Section(_("Favourites"), starred, "star", is_mixed)] if starred else []
    rest = sorted(
        (tile for tile in wanted if not tile.is_favourite),
        key=lambda tile: (not tile.category, tile.category.casefold()),
    )
    if is_mixed:
        title = _("Other apps") if found else ""
        return [*found, Section(title, tuple(rest), is_mixed=True)] if rest else found
    for __, group in groupby(rest, key=lambda tile: tile.category.casefold()):
        members = tuple(group)
        title = members[0].category or (_("Other apps") if found else "")
        found.append(Section(title, members))
    return found
