"""`manage.py check_originals`: are the kept letters whole, and is each letter's file there?"""

from typing import Any

from django.core.management.base import CommandError
from rich.table import Table

from determinations.importing.original_checks import check_originals, letters_of
from determinations.importing.originals import kept_hashes
from determinations.management.database_command import DatabaseCommand
from determinations.terminal import console_of, progress_bar


class Command(DatabaseCommand):
    help = "Compare every kept original with its hash, and every letter with its original."

    def handle(self, **options: Any) -> None:
        console = console_of(self)
        with progress_bar(console, "Checking", sum(1 for _ in kept_hashes())) as advance:
            checked = check_originals(advance)
        if checked.whole:
            console.print(f"{checked.files:,} originals are whole, and no letter lacks its original.")
            return
        table = Table("Original", "Trouble", "Letters")
        for state, hashes in (("damaged", checked.damaged), ("missing", checked.missing)):
            for content_hash in hashes:
                table.add_row(content_hash, state, ", ".join(letters_of(content_hash)) or "none")
        console.print(table)
        for error in checked.unreadable:
            console.print(f"Not readable: {error}")
        raise CommandError(
            f"{len(checked.damaged):,} originals are damaged, {len(checked.missing):,} are missing and "
            f"{len(checked.unreadable):,} could not be read. Import the same files again, or copy them "
            "from a backup of the data directory. The letters' stored texts are unchanged."
        )
