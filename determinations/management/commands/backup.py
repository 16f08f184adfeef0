"""`manage.py backup DEST`: copies database and original letters while the site serves and imports."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from determinations.backup.making import back_up
from determinations.backup.manifest import BackupError
from determinations.management.database_command import require_server
from determinations.terminal import console_of, growing_progress_bar
from imrsite.installation import PROGRAM


class Command(BaseCommand):
    help = (
        "Make a backup in a folder, or bring the one in it up to date. The site may serve and import "
        "meanwhile. Only new letters are copied."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DEST", type=Path, help="an empty folder, or an earlier backup")
        parser.add_argument(
            "--verify", action="store_true", help="read the letters that are in the backup already again"
        )
        parser.add_argument(
            "--other-letters", action="store_true", help="replace a backup that holds mostly other letters"
        )

    def handle(self, *, folder: Path, verify: bool, other_letters: bool, **options: Any) -> None:
        require_server()
        console = console_of(self)
        try:
            with growing_progress_bar(console, "Letters in the backup") as progress:
                done = back_up(folder, verify=verify, other_letters=other_letters, progress=progress)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The backup could not be written: {error}. An earlier one in the folder is unchanged."
            ) from error
        manifest = done.manifest
        console.print(
            f"{folder} has the database ({manifest.database.size:,} bytes) and {manifest.originals:,} "
            f"original letters ({manifest.original_bytes:,} bytes). {done.copied:,} of them were new "
            f"({done.copied_bytes:,} bytes), and {done.dropped:,} old ones were removed."
        )
        if done.files_not_kept:
            console.print(
                f"{done.files_not_kept:,} files of running imports are still only where they were found. "
                "They are not in the backup. Back up again when the import has finished."
            )
        if manifest.lost_originals:
            raise CommandError(
                f"{len(manifest.lost_originals):,} original letters are missing or damaged here, so the "
                f"backup is without them. All else is in it. “{PROGRAM} check_originals” names them."
            )
