"""What lies in ``static``: vendored files as they came, icons that exist, nothing inline."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command

from apps.base import looks
from apps.base.templatetags.ui import SCRIPTS, STYLESHEETS
from apps.home.styleguide import ICONS

ROOT: Path = settings.BASE_DIR
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("folder", ["static/vendor", "tests/browser/vendor"])
def test_vendored_files_are_those_of_the_checksum_list(folder: str) -> None:
    base = ROOT / folder
    lines = (base / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}
    files = [file for file in base.rglob("*") if file.is_file() and file.name != "SHA256SUMS"]
    found = {
        file.relative_to(base).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }
    assert found == listed


@pytest.mark.parametrize(
    "folder", sorted((ROOT / "static/vendor").glob("*/")), ids=lambda f: f.name
)
def test_every_vendored_package_brings_its_licence(folder: Path) -> None:
    assert (folder / "LICENSE").read_text().strip()


def test_every_icon_that_is_asked_for_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/img/icons.svg").read_text()))
    asked = {
        name
        for file in TEMPLATES
        for name in re.findall(r'{% icon "([^"]+)"|\bicon="([^"]+)"', file.read_text())
        for name in name
        if name
    }
    tables = {look.icon for table in (looks.STATES, looks.VERDICTS) for look in table.values()}
    assert asked | tables | set(looks.NOTICE_ICONS.values()) | set(ICONS) <= sprite


@pytest.mark.parametrize("name", STYLESHEETS)
def test_every_style_sheet_exists(name: str) -> None:
    assert (ROOT / f"static/css/{name}.css").is_file()


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_exists(name: str) -> None:
    assert (ROOT / f"static/js/{name}.js").is_file()


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_no_template_holds_inline_code(file: Path) -> None:
    text = file.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:|hx-on", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_no_page_asks_another_host_for_anything(file: Path) -> None:
    assert not re.search(r"(?:src|action|<link[^>]*href)=\"(?:https?:)?//", file.read_text())


def test_names_of_static_files_can_be_hashed(tmp_path: Path, settings: object) -> None:
    settings.STATIC_ROOT = tmp_path  # type: ignore[attr-defined]
    settings.STORAGES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    hashed = ManifestStaticFilesStorage(location=str(tmp_path)).hashed_files
    tokens = (tmp_path / hashed["css/tokens.css"]).read_text()
    assert Path(hashed["vendor/inter-5.3.0/inter-latin-wght-normal.woff2"]).name in tokens
