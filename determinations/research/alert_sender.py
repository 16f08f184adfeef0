"""Sends alerts beside the import worker: those at once within a minute of a commit, the others when due.

It compares the index's commit with the last one that it saw, so that it notices letters that another process
imported or corrected. Mail servers can be slow, so this has a thread of its own.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from determinations.file_lock import LockHeldError, exclusive_lock
from determinations.models import AlertTiming, SavedSearch
from determinations.research.alerts import Sent, is_due, send_alerts
from determinations.search.engines import search_engine

SECONDS_BETWEEN_LOOKS = 15.0
SECONDS_AFTER_TROUBLE = 300.0
SECONDS_TO_END = 20.0

logger = logging.getLogger(__name__)


def sends_mail() -> bool:
    """Whether the site is set up to send email."""
    return bool(settings.SENDS_EMAIL and settings.SITE_URL)


@contextmanager
def alerts_lock() -> Iterator[None]:
    """Be the only one who sends, or raise LockHeldError at once."""
    with exclusive_lock(Path(settings.DATA_DIR) / "alerts.lock"):
        yield


@contextmanager
def alerts_sent_meanwhile() -> Iterator[None]:
    """Alerts are sent while the block runs, if the site is set up to send email."""
    if not sends_mail():
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_send_until, args=(ended,), name="alerts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(SECONDS_TO_END)


def _send_until(ended: threading.Event) -> None:
    rounds = AlertRounds()
    pause = SECONDS_BETWEEN_LOOKS
    while not ended.wait(pause):
        close_old_connections()
        pause = SECONDS_BETWEEN_LOOKS
        try:
            sent = rounds.look(timezone.now())
        except LockHeldError:  # send_alerts runs in a shell, and sends the same
            continue
        except Exception:
            # Whatever it was, the alerts are still due, and the imports beside this must go on.
            logger.exception("Alerts were not sent and will be tried again")
            pause = SECONDS_AFTER_TROUBLE
        else:
            if sent and (sent.away or sent.undelivered):
                pause = SECONDS_AFTER_TROUBLE
    close_old_connections()


class AlertRounds:
    """Remembers what it has looked at, so that nothing is searched again while nothing changes."""

    def __init__(self) -> None:
        self._done: tuple[str, frozenset[int]] | None = None

    def look(self, now: datetime) -> Sent | None:
        """Send what is due; None where nothing is, or where the index is as it was.

        Raises SearchUnavailableError, or LockHeldError where another process sends.
        """
        due = dict(_due(now))
        if not due:
            return None
        state = (search_engine().status().commit, frozenset(due))
        if state == self._done and set(due.values()) == {AlertTiming.AT_ONCE}:
            return None
        with alerts_lock():
            sent = send_alerts(search_engine(), settings.SITE_URL, now)
        self._done = None if sent.away or sent.undelivered else state
        return sent


def _due(now: datetime) -> Iterator[tuple[int, str]]:
    """Key and timing of each search that is due."""
    for key, alerts, alerted_at in SavedSearch.objects.followed().values_list("pk", "alerts", "alerted_at"):
        if is_due(alerts, alerted_at, now):
            yield key, alerts
