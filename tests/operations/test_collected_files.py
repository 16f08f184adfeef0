"""Styles and scripts as `serve` collects them."""

import os
from pathlib import Path

from django.conf import settings as site_settings
from django.core.management import call_command
from pytest_django import Settings

SCRIPT = "determinations/site.js"


def test_files_of_another_version_are_replaced_even_by_older_ones(settings: Settings, tmp_path: Path) -> None:
    source = Path(site_settings.BASE_DIR) / "static" / SCRIPT
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    other = tmp_path / SCRIPT
    other.parent.mkdir()
    other.write_text("of another version")
    later = source.stat().st_mtime + 3600
    os.utime(other, (later, later))
    call_command("collectstatic", interactive=False, verbosity=0)
    assert other.read_bytes() == source.read_bytes()
