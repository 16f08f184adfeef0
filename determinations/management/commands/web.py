"""`manage.py web`: serves the pages with gunicorn, and does nothing else.

For a machine among several: `manage.py follow` keeps the index that the pages search, `manage.py worker`
imports. HOST, PORT and WEB_WORKERS come from the environment, as for `serve`.
"""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import ALL_CHECKS

from determinations.management.commands.serve import ALLOCATION, GUNICORN, listening_address
from determinations.management.database_command import DatabaseCommand


class Command(DatabaseCommand):
    help = "Serve the pages with gunicorn. Neither imports letters nor keeps the index up to date."
    requires_system_checks = ALL_CHECKS

    def handle(self, **options: Any) -> None:
        host, port = listening_address()
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write(f"Starting gunicorn on http://{host}:{port}")
        self.stdout.flush()
        # gunicorn takes this process's place, and its signals.
        os.execve(GUNICORN[0], GUNICORN, ALLOCATION | os.environ)  # noqa: S606
