"""`manage.py serve`: migrate, load the sample letters into an empty database, then serve with gunicorn.

HOST, PORT and WEB_WORKERS come from the environment (127.0.0.1, 8000, one a core).
"""

import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from determinations.models import ImportBatch
from determinations.search.engines import search_engine
from determinations.search.index_updates import waiting_changes, write_changes
from determinations.search.interface import SearchUnavailableError

GUNICORN_SETTINGS = Path(__file__).resolve().parents[3] / "imrsite" / "gunicorn.conf.py"


class Command(BaseCommand):
    help = "Bring the database up to date, load the sample letters where it is empty, and serve the site."

    def handle(self, **options: Any) -> None:
        host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
        _require_free_port(host, port)
        call_command("migrate", interactive=False, verbosity=0)
        if not ImportBatch.objects.exists():
            self.stdout.write("The database is empty: importing the sample letters.")
            call_command("import_letters", str(settings.SAMPLE_LETTERS_DIR))
        self._bring_index_up_to_date()
        self.stdout.write(f"Starting gunicorn on http://{host}:{port}")
        self.stdout.flush()
        os.execv(  # noqa: S606  gunicorn takes this process over, and with it Ctrl-C
            sys.executable, [sys.executable, "-m", "gunicorn", "--config", str(GUNICORN_SETTINGS)]
        )

    def _bring_index_up_to_date(self) -> None:
        engine = search_engine()
        try:
            engine.status()
        except SearchUnavailableError as error:
            self.stdout.write(f"{error} Doing so now.")
            call_command("rebuild_index")
        if waiting_changes():
            write_changes(engine)


def _require_free_port(host: str, port: str) -> None:
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CommandError(f"PORT is “{port}”: give a number from 1 to 65535, such as PORT=8001 make run")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise CommandError(
                f"Cannot serve on {host}:{port} ({error.strerror}). Choose another port: PORT=8001 make run"
            ) from None
