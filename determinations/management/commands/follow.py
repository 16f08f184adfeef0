"""`manage.py follow`: keeps this machine's index up to date, and counts statistics of words ahead for it.

Builds the index where there is none, or where the log of changes no longer has what it lacks. Alerts about
saved searches are sent beside it, by one machine at a time.
"""

import logging
from contextlib import closing
from time import sleep
from typing import Any

from django.db import Error, close_old_connections

from determinations.index_keeping import IndexKeeping
from determinations.management.database_command import DatabaseCommand
from determinations.research.alert_sender import alerts_sent_meanwhile
from determinations.search.interface import SearchError
from determinations.stopping import StopRequest, stop_request

SECONDS_BETWEEN_LOOKS = 0.5
LONGEST_WAIT_SECONDS = 30.0

logger = logging.getLogger(__name__)


class Command(DatabaseCommand):
    help = "Keep the search index of this machine up to date, until Ctrl-C."

    def handle(self, **options: Any) -> None:
        with stop_request() as stop, alerts_sent_meanwhile(), closing(IndexKeeping()) as index:
            follow(index, stop)


def follow(index: IndexKeeping, stop: StopRequest) -> None:
    """Follow the log until `stop`; a database or disk that is away is waited for."""
    has_begun, wait = False, 0.0
    while not stop():
        close_old_connections()
        try:
            if not has_begun:
                index.begin()
                has_begun = True
                logger.info("The search index is followed.")
            index.look()
            wait = 0.0
        except (Error, SearchError, OSError):
            wait = min(2 * wait or 1.0, LONGEST_WAIT_SECONDS)
            logger.exception("The search index waits")
        for _ in range(1 + round(wait / SECONDS_BETWEEN_LOOKS)):
            if stop():
                break
            sleep(SECONDS_BETWEEN_LOOKS)
