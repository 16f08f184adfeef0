"""`manage.py serve`: prepare database and styles, load the sample letters if it is empty, serve and import.

It is everything on one machine. Where several share a database, `web`, `worker` and `follow` are its parts.
HOST, PORT and WEB_WORKERS come from the environment (127.0.0.1, 8000, one per core but at most 4); --host and
--port set the first two as well.
"""

import os
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from determinations.database_errors import release_if_needed, reserve
from determinations.management.database_command import migrations_are_missing
from determinations.models import ImportBatch
from determinations.search.engines import search_engine
from determinations.search.indexing import require_current
from determinations.search.interface import IndexOutdatedError, SearchUnavailableError
from determinations.stopping import INTERRUPTED
from imrsite.installation import CODE_DIR, RUN, command
from imrsite.listening import refusal
from imrsite.supervisor import supervise

GUNICORN_SETTINGS = CODE_DIR / "imrsite" / "gunicorn.conf.py"
# Without -P, Python would import from the current folder first.
GUNICORN = [sys.executable, "-P", "-m", "gunicorn", "--config", str(GUNICORN_SETTINGS)]
# Else glibc keeps memory for each thread. It reads this when a process starts.
ALLOCATION = {"MALLOC_ARENA_MAX": "1"}


class Command(BaseCommand):
    help = "Update the database, load the sample letters if it is empty, serve the site and import."
    requires_system_checks = ()  # made below: Django 6 opens the database, which a full disk does not allow

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", help="address to listen on (default: HOST, else 127.0.0.1)")
        parser.add_argument("--port", help="port to listen on (default: PORT, else 8000)")
        parser.add_argument("--skip-checks", action="store_true", help="skip system checks")

    def handle(self, **options: Any) -> None:
        # gunicorn reads the variables, and so do its processes.
        os.environ |= {name.upper(): options[name] for name in ("host", "port") if options[name]}
        host, port = listening_address()
        data_dir = Path(settings.DATA_DIR)
        self.stdout.write(f"The site's data is in {data_dir}")
        disk_is_full = release_if_needed(data_dir)
        if disk_is_full:
            self.stdout.write("The disk is full. The site starts for reading; make room for anything else.")
        if not options["skip_checks"]:
            self.check()
        # With nothing to migrate, nothing is written: a full disk still lets people read.
        if migrations_are_missing():
            call_command("migrate", interactive=False, verbosity=0)
        if not (settings.DEBUG or disk_is_full):
            call_command("collectstatic", interactive=False, verbosity=0)
        reserve(data_dir)
        if not ImportBatch.objects.exists():
            self._import_samples()
        self._require_index()
        # This process keeps a connection: SQLite removes the file that readers need with the last one.
        ImportBatch.objects.exists()
        self.stdout.write(f"Starting gunicorn on http://{host}:{port}, and the import worker")
        self.stdout.flush()
        watcher = str(os.getpid())
        os.environ |= ALLOCATION | os.environ | {"IMR_SUPERVISOR": watcher}
        sys.exit(
            supervise(
                web=GUNICORN,
                worker=command("process_imports", "--parent", watcher),
            )
        )

    def _import_samples(self) -> None:
        if not settings.IMPORT_SAMPLE_LETTERS:
            return
        self.stdout.write("The database is empty: importing the sample letters.")
        try:
            # The samples lie beside the program that made them: what is left alone there worries nobody.
            call_command("import_letters", str(settings.SAMPLE_LETTERS_DIR), verbosity=0)
        except CommandError as error:
            if error.returncode == INTERRUPTED:
                raise
            self.stdout.write(f"{error} The site starts anyway.")

    def _require_index(self) -> None:
        """Rebuild an index that is missing, damaged or cannot be read by this version.

        An older one that still answers is left to the import worker, which rebuilds it while the site runs.
        """
        try:
            require_current(search_engine())
        except IndexOutdatedError as error:
            self.stdout.write(f"{error} The import worker does this now; the old index answers till then.")
        except SearchUnavailableError as error:
            self.stdout.write(f"{error} Doing this now.")
            try:
                call_command("rebuild_index")
            except CommandError as failure:
                self.stdout.write(f"{failure} The site starts without search.")


def listening_address() -> tuple[str, str]:
    """HOST and PORT. Raises CommandError where the site may not listen there, or the port is taken."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if refused := refusal(host, os.environ):
        raise CommandError(refused)
    _require_free_port(host, port)
    return host, port


def _require_free_port(host: str, port: str) -> None:
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(f"PORT is “{port}”: give a number from 1 to 65535, such as PORT=8001 {RUN}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise CommandError(
                f"Cannot serve on {host}:{port} ({error.strerror}). Choose another port: PORT=8001 {RUN}"
            ) from None
