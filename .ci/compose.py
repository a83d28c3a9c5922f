"""Checks a compose file without an engine: every name it uses exists, and nothing is left open."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml

REQUIRED = {"database", "broker", "migrate", "web", "worker", "scheduler"}
PORTALS_OWN = {"migrate", "web", "worker", "scheduler"}


def complaints(path: Path) -> list[str]:
    """Return what is wrong with the file, in sentences."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    services: dict[str, dict[str, Any]] = content["services"]
    found = [f"There is no service {name}." for name in sorted(REQUIRED - services.keys())]
    for name, service in services.items():
        found += [f"{name}: {complaint}" for complaint in _unknown_names(service, content)]
        found += [f"{name}: {complaint}" for complaint in _left_open(name, service)]
    for name, secret in content.get("secrets", {}).items():
        if list(secret) != ["file"]:
            found.append(f"The secret {name} must come from a file.")
    return found


def _unknown_names(service: dict[str, Any], content: dict[str, Any]) -> list[str]:
    volumes = [mount.partition(":")[0] for mount in service.get("volumes", [])]
    used = {
        "services": list(service.get("depends_on", {})),
        "secrets": service.get("secrets", []),
        "networks": service.get("networks", []),
        "volumes": [volume for volume in volumes if not volume.startswith((".", "/"))],
    }
    found = [
        f"{name} is not among the {kind}."
        for kind, names in used.items()
        for name in names
        if name not in content.get(kind, {})
    ]
    values = [str(value) for value in (service.get("environment") or {}).values()]
    values += [str(part) for part in _words(service.get("command"))]
    mentioned = re.findall(r"/run/secrets/(\w+)", " ".join(values))
    missing = set(mentioned) - set(service.get("secrets", []))
    return found + [f"/run/secrets/{name} is used but not mounted." for name in sorted(missing)]


def _left_open(name: str, service: dict[str, Any]) -> list[str]:
    found = []
    if name != "migrate" and "healthcheck" not in service:
        found.append("has no health check.")
    if name in PORTALS_OWN and not (
        service.get("read_only") and service.get("cap_drop") == ["ALL"]
    ):
        found.append("may write to its file system or keeps rights it does not need.")
    if name != "web" and service.get("ports"):
        found.append("listens outside.")
    for key in service.get("environment") or {}:
        is_secret = re.search(r"PASSWORD|SECRET|_KEYS?$|DATABASE_URL|BROKER_URL", key)
        if is_secret and not key.endswith("_FILE"):
            found.append(f"{key} holds a secret that belongs into a file.")
    return found


def _words(command: str | list[str] | None) -> list[str]:
    return command.split() if isinstance(command, str) else command or []


if __name__ == "__main__":
    problems = complaints(Path(sys.argv[1]))
    raise SystemExit("\n".join(problems) or 0)
