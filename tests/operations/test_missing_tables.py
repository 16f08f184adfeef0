"""A command on a database of an earlier version, or on an empty one, says what to run first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


@pytest.mark.django_db
@pytest.mark.parametrize(
    "command",
    [
        ("check_index",),
        ("check_originals",),
        ("import_letters", "letter.txt"),
        ("process_imports",),
        ("rebuild_index",),
        ("remove_letter", "CM14-9900001"),
        ("reparse", "--all"),
        ("send_alerts",),
    ],
    ids=" ".join,
)
def test_a_command_names_the_step_that_makes_the_tables(command: tuple[str, ...]) -> None:
    recorder = MigrationRecorder(connection)
    newest = max(name for app, name in recorder.applied_migrations() if app == "determinations")
    recorder.record_unapplied("determinations", newest)
    with pytest.raises(CommandError, match=r"manage\.py migrate"):
        call_command(*command)


def test_a_backup_of_nothing_is_refused(tmp_path: Path) -> None:
    """A database of an earlier version is backed up all the same: that is what comes before an upgrade."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("IMR_")}
    refused = subprocess.run(
        [sys.executable, "manage.py", "backup", str(tmp_path / "backup")],
        cwd=settings.BASE_DIR,
        env={**others, "IMR_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert refused.stderr.startswith("CommandError: There is nothing to back up")
    assert not (tmp_path / "backup").exists()
