"""Keeps tests that share something costly on one worker of pytest-xdist.

Their ``xdist_group`` marks should do it, but have no effect with pytest 9.2 as far as xdist 3.8
(pytest-dev/pytest-xdist#1386): each worker would start a stack and a browser of its own.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped] # has no types

SHARING = {"tests/browser/": "browser"}


class _BySharing(LoadGroupScheduling):  # type: ignore[misc] # of a library without types
    def _split_scope(self, nodeid: str) -> str:
        for start, group in SHARING.items():
            if nodeid.startswith(start):
                return group
        return str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _BySharing | None:
    return _BySharing(config, log) if config.getvalue("dist") == "loadgroup" else None
