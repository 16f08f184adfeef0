"""`manage.py share_originals`: sends this machine's original letters to the storage that machines share."""

from typing import Any

from django.core.management.base import CommandError

from determinations.importing import originals, shared_originals
from determinations.management.database_command import DatabaseCommand
from determinations.terminal import console_of, progress_bar


class Command(DatabaseCommand):
    help = (
        "Send the original letters on this machine's disk to the storage that machines share "
        "(IMR_ORIGINALS_BUCKET), those that it lacks. Run it once when several machines begin to share them."
    )

    def handle(self, **options: Any) -> None:
        if shared_originals.storage() is None:
            raise CommandError("No storage is shared: set IMR_ORIGINALS_BUCKET. docs/operations.md says how.")
        console = console_of(self)
        total = sum(1 for _ in originals.kept_files())
        try:
            with progress_bar(console, "Sharing", total) as advance:
                originals.share_kept(advance)
        except OSError as error:
            raise CommandError(f"{error} Run the command again: it goes on where it ended.") from error
        console.print(f"{total:,} original letters of this machine are shared.")
