"""``manage.py demo``: the whole portal on this machine, with something to try."""

from __future__ import annotations

import os
import shutil
import sys
import time
import webbrowser
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError

from apps.home.demo import check, options, words
from apps.home.demo.console import Console
from apps.home.demo.environment import Demo, prepared
from apps.home.demo.refusal import Refusal, words_for
from apps.home.demo.start import running, stopped_by_signals
from apps.home.demo.supervisor import ChildFailed


class Command(BaseCommand):
    help = options.SUMMARY
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        options.add_to(parser)

    def handle(self, *args: Any, **chosen: Any) -> None:  # noqa: ARG002
        demo, console = prepared(), Console()
        try:
            with stopped_by_signals():
                if demo.options.check:
                    check.run(demo, console)
                else:
                    _serve(demo, console)
        except KeyboardInterrupt:
            console.say("Stopped.")
        except ChildFailed as failure:
            raise Refusal(f"\nThe demo has stopped: {failure}") from None
        except OperationalError as error:
            if "disk is full" not in str(error):
                raise
            raise Refusal(words_for(OSError(28, "full"), demo.folder)) from None
        except OSError as error:
            raise Refusal(words_for(error, demo.folder)) from None
        finally:
            if demo.is_throwaway:
                shutil.rmtree(demo.folder, ignore_errors=True)


def _serve(demo: Demo, console: Console) -> None:
    began = time.monotonic()
    console.say("Gallery Portal demo")
    with running(demo, console) as supervisor:
        try:
            words.greet(demo, console, time.monotonic() - began)
            if _has_screen() and not demo.options.no_open:
                webbrowser.open(demo.url)
            supervisor.watch()
        except KeyboardInterrupt:
            console.say("\nStopping …")
            raise


def _has_screen() -> bool:
    """Return whether a browser would open in a window, and not inside this terminal."""
    if not sys.stdout.isatty() or "SSH_CONNECTION" in os.environ:
        return False
    return sys.platform == "darwin" or bool({"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys())
