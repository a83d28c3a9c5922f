"""Ports of this machine that the demo may use."""

from __future__ import annotations

import socket
from random import SystemRandom

from apps.home.demo.refusal import Refusal

HOST = "127.0.0.1"
# Below the range from which Linux and macOS hand out ports to outgoing connections.
RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Return whether this machine would let a server listen on a port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without it a port counts as taken for a minute after its last connection closed.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port nobody listens on at the moment."""
    chance = SystemRandom()
    while not is_free(port := chance.choice(RANGE)):
        pass
    return port


def same_or_free(port: object) -> int:
    """Return the port of the last start where it is still free, else another one."""
    return port if isinstance(port, int) and is_free(port) else free_port()


def web_port(wanted: int) -> int:
    """Return the port people asked for; 0 asks for any.

    Raises:
        Refusal: it cannot be had, and which one can.
    """
    if not wanted:
        return free_port()
    if is_free(wanted):
        return wanted
    other = next((port for port in range(wanted + 1, wanted + 100) if is_free(port)), 0)
    raise Refusal(
        f"Port {wanted} of this machine is taken by another program or needs more rights. "
        f"Choose another one: uv run manage.py demo --port {other}"
    )
