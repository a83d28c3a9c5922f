"""The portal's settings with the tests' environment, for pytest and mypy's Django plugin."""

import tests.environment  # noqa: F401
from portal.settings import *  # noqa: F403
