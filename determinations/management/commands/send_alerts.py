"""`manage.py send_alerts`: mail people what is new in the searches they follow. For cron, however often."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from determinations.file_lock import LockHeldError, exclusive_lock
from determinations.research.alerts import send_alerts
from determinations.search.engines import search_engine

_SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Command(BaseCommand):
    help = "Send each person one mail with the news of their searches. Repeating it repeats no mail."

    def handle(self, **options: Any) -> None:
        _require_settings()
        try:
            with exclusive_lock(Path(settings.DATA_DIR) / "alerts.lock"):
                sent = send_alerts(search_engine(), settings.SITE_URL)
        except LockHeldError as error:
            raise CommandError(f"Process {error.pid} is sending alerts already.") from None
        self.stdout.write(f"{sent.mails:,} mail{'' if sent.mails == 1 else 's'} sent.")
        if sent.without_address:
            follow = "person follows" if sent.without_address == 1 else "people follow"
            self.stdout.write(
                f"{sent.without_address:,} {follow} searches by mail without an address: add it in the admin."
            )
        if sent.away:
            raise CommandError(f"{sent.away} No alert is lost: run this again afterwards.")
        if sent.undelivered:
            raise CommandError(
                f"Not delivered, and kept for the next run: {', '.join(sent.undelivered)}. The log says why."
            )


def _require_settings() -> None:
    missing = [] if settings.SITE_URL else ["IMR_SITE_URL (the site's address, for the links)"]
    if settings.EMAIL_BACKEND == _SMTP and not settings.EMAIL_HOST:
        missing.append("IMR_EMAIL_HOST (the mail server)")
    if missing:
        raise CommandError(f"Set {' and '.join(missing)} first: nothing was sent.")
