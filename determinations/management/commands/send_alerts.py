"""`manage.py send_alerts`: emails people the new items of their saved searches that are due.

The import worker does the same all the time; this is for sites that run without it, and for looking at once.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import ngettext

from determinations.file_lock import LockHeldError
from determinations.management.database_command import DatabaseCommand
from determinations.research.alert_sender import alerts_lock
from determinations.research.alerts import send_alerts
from determinations.search.engines import search_engine


class Command(DatabaseCommand):
    help = (
        "Send each person one email with the new items of their saved searches, those whose alerts are due. "
        "No item is sent twice."
    )

    def handle(self, **options: Any) -> None:
        _require_settings()
        try:
            with alerts_lock():
                sent = send_alerts(search_engine(), settings.SITE_URL)
        except LockHeldError as error:
            raise CommandError(f"Process {error.pid} is already sending alerts.") from None
        mails = ngettext("%(number)s email sent.", "%(number)s emails sent.", sent.mails)
        self.stdout.write(mails % {"number": f"{sent.mails:,}"})
        if sent.without_address:
            follow = "person follows" if sent.without_address == 1 else "people follow"
            self.stdout.write(
                f"{sent.without_address:,} {follow} searches by email without an address. See the admin."
            )
        if sent.away:
            raise CommandError(f"{sent.away} No alert is lost. Run this again later.")
        if sent.undelivered:
            raise CommandError(
                f"Not delivered, to be retried next time: {', '.join(sent.undelivered)}. The log says why."
            )


def _require_settings() -> None:
    missing = [] if settings.SITE_URL else ["IMR_SITE_URL (the site's address, for the links)"]
    if not settings.SENDS_EMAIL:
        missing.append("IMR_EMAIL_HOST (the mail server)")
    if missing:
        raise CommandError(f"Nothing was sent. Set {' and '.join(missing)} first.")
