"""`manage.py remove_letter CASE_OR_ADDRESS`: removes a letter for good, with every trace of it."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import Error

from determinations.importing.removed_letters import ErasureWaitsError, erase_traces
from determinations.management.database_command import DatabaseCommand
from determinations.models import RemovedLetter
from determinations.removal.plan import NoSuchLetterError, letters_named, plan_removal
from determinations.removal.removing import remove_for_good
from determinations.search.engines import search_engine
from determinations.search.interface import SearchError
from imrsite.installation import PROGRAM

_IN_THE_WAY = (ErasureWaitsError, SearchError, OSError, Error)


class Command(DatabaseCommand):
    help = (
        "Remove a letter for good: all versions under a case number, or the one with an address or a hash. "
        "Shows what goes, and asks. Without a letter: finish a removal that was interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("letter", nargs="?", metavar="CASE_OR_ADDRESS", help="or the hash of its file")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--earlier-versions", action="store_true", help="keep the current version, such as a redacted one"
        )
        parser.add_argument("--list", action="store_true", help="print the hashes of all removed letters")

    def handle(self, *, letter: str | None, yes: bool, earlier_versions: bool, **options: Any) -> None:
        if options["list"]:
            for content_hash in RemovedLetter.objects.values_list("content_hash", flat=True):
                self.stdout.write(content_hash)
            return
        try:
            if letter:
                letters = letters_named(letter, earlier_versions=earlier_versions)
                for line in plan_removal(letters).lines():
                    self.stdout.write(f"* {line}")
                if not yes and not self._confirmed(letter):
                    raise CommandError("Nothing was removed.")
                remove_for_good(letters, search_engine())
            else:
                erase_traces(search_engine())
        except NoSuchLetterError as error:
            raise CommandError(str(error)) from error
        except _IN_THE_WAY as error:
            raise CommandError(
                f"Traces may be left: {error} The import worker erases them. Or run "
                f"“{PROGRAM} remove_letter” without a letter."
            ) from error
        self.stdout.write(
            "Removed for good. Backups that were made before still hold it: back up again into the same "
            "folder."
        )

    def _confirmed(self, letter: str) -> bool:
        self.stdout.write(f"Type {letter} to remove all this for good: ", ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip() == letter
