"""`manage.py restore SRC`: makes a site of a backup, in an empty data directory and database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from determinations.backup.manifest import BackupError
from determinations.backup.restoring import restore
from determinations.management.database_command import require_server
from determinations.search.interface import SearchError
from determinations.terminal import console_of, growing_progress_bar
from imrsite.installation import PROGRAM


class Command(BaseCommand):
    help = "Restore a backup into an empty data directory and database, and build the search index."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="SRC", type=Path, help="the folder of the backup")

    def handle(self, *, folder: Path, **options: Any) -> None:
        require_server()
        console = console_of(self)
        try:
            with growing_progress_bar(console, "Letters restored") as progress:
                restored = restore(folder, progress=progress, say=console.print)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except SearchError as error:
            raise CommandError(f"The letters are restored, but the index is not built: {error}") from error
        except OSError as error:
            raise CommandError(f"The backup could not be restored: {error}") from error
        manifest = restored.manifest
        console.print(
            f"Restored the backup of {manifest.made_at}: {manifest.originals:,} original letters, and "
            f"{restored.items:,} disputed items that can be searched."
        )
        if manifest.lost_originals:
            console.print(
                f"{len(manifest.lost_originals):,} original letters were missing or damaged when the backup "
                f"was made. “{PROGRAM} check_originals” names them."
            )
