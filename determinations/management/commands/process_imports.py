"""`manage.py process_imports`: the import worker with this machine's index. `make run` starts and watches it.

Alerts about saved searches are sent beside the imports. Where several machines share a database, the worker
(`manage.py worker`) and what keeps an index (`manage.py follow`) are commands of their own.
"""

import logging
import os
from argparse import ArgumentParser
from time import monotonic, sleep
from typing import Any

from django.db import close_old_connections

from determinations.importing.batch_run import PASSING_ERRORS
from determinations.importing.worker import (
    LONGEST_WAIT_SECONDS,
    ImportWorker,
    Stop,
    WorkerRunningError,
    worker_lock,
)
from determinations.index_keeping import IndexKeeping
from determinations.management.database_command import DatabaseCommand
from determinations.research.alert_sender import alerts_sent_meanwhile
from determinations.stopping import stop_request

SECONDS_BETWEEN_TRIES = 1.0

logger = logging.getLogger(__name__)


class Command(DatabaseCommand):
    help = "Import the letters of running batches and keep the index up to date, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--parent", type=int, metavar="PID", help="end when this process is no longer the parent"
        )

    def handle(self, *, parent: int | None, **options: Any) -> None:
        with stop_request() as stop, alerts_sent_meanwhile():

            def ended() -> bool:
                return stop() or (parent is not None and os.getppid() != parent)

            work_when_alone(ended, IndexKeeping())


def work_when_alone(ended: Stop, index: IndexKeeping) -> None:
    """Wait while another process imports, such as `import_letters` in a shell; then be the worker.

    A database or disk that is away is waited for.
    """
    other, wait = 0, 0.0
    while not ended():
        close_old_connections()
        try:
            with worker_lock() as held:
                logger.info("The import worker is ready.")
                other, wait = 0, 0.0
                ImportWorker(ended, index, held).run()
        except WorkerRunningError as error:
            if error.pid != other:
                logger.info("%s The import worker waits until it ends.", error)
                other = error.pid
            sleep(SECONDS_BETWEEN_TRIES)
        except PASSING_ERRORS:
            wait = min(2 * wait or SECONDS_BETWEEN_TRIES, LONGEST_WAIT_SECONDS)
            logger.exception("The import worker waits")
            _sleep(wait, ended)


def _sleep(seconds: float, ended: Stop) -> None:
    until = monotonic() + seconds
    while monotonic() < until and not ended():
        sleep(min(SECONDS_BETWEEN_TRIES, seconds))
