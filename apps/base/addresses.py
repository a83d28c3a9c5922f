"""Addresses people's requests name, and which of them are ours."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme


def is_own_path(address: str) -> bool:
    """Whether an address is a path of this portal, however a browser may read it."""
    is_path = address.startswith("/") and not address.startswith("//")
    return is_path and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
