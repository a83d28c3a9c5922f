"""Running pretend Galleries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from apps.emulator.emulator import Emulator
from apps.emulator.options import Generation, Options
from tests.emulator.samples import SAMPLES, MakeGallery


@pytest.fixture
def make_gallery() -> Iterator[MakeGallery]:
    """Start a Gallery of a generation, with settings as texts; all stop at the end."""
    with ExitStack() as stack:

        def make(
            generation: Generation = Generation.V2025, *settings: str, data: Path | None = None
        ) -> Emulator:
            options = Options(generation=generation).with_settings(settings)
            return stack.enter_context(Emulator(options, SAMPLES, data=data))

        yield make


@pytest.fixture
def old(make_gallery: MakeGallery) -> Emulator:
    """A Gallery that speaks both dialects."""
    return make_gallery(Generation.V2021_4)


@pytest.fixture
def new(make_gallery: MakeGallery) -> Emulator:
    """A Gallery of today."""
    return make_gallery()
