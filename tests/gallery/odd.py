"""A client that talks to odd servers."""

from __future__ import annotations

from apps.gallery.client import GalleryClient
from apps.gallery.models import Connection
from apps.gallery.types import Dialect
from apps.gallery.wire.exchange import Patience

JOB = b'{"id": "J", "status": "Queued"}'
SHORT = Patience(connect=1, silence=1, total=1)


def client_at(port: int, patience: Patience | None = None, scheme: str = "http") -> GalleryClient:
    url = f"{scheme}://127.0.0.1:{port}"
    connection = Connection(
        name="odd", url=url, api_url=f"{url}/gallery/api", dialect=Dialect.OAUTH1,
        client_key="k", secret="s",
    )  # fmt: skip
    return GalleryClient(connection, patience=patience)
