"""Sends the alerts that are due: one mail a person, each piece of news once.

What was sent is recorded once the mail server has it: a crash in between repeats a mail and loses none.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from smtplib import SMTPException

from django.core.mail import get_connection

from determinations.models import SavedSearch
from determinations.research.alert_mail import Reader, alert_mail, is_news
from determinations.research.following import News, mark_mailed, news_of
from determinations.search.interface import SearchEngine

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Sent:
    """`undelivered` are addresses whose mail the server refused, `away` says why nothing was searched."""

    mails: int = 0
    without_address: int = 0
    undelivered: list[str] = field(default_factory=list)
    away: str = ""


def send_alerts(engine: SearchEngine, site: str) -> Sent:
    """Search, mail, record, person by person. One person's trouble does not keep the next from their mail."""
    sent = Sent()
    for reader, followed in _readers():
        if not reader.address:
            sent.without_address += 1
            continue
        gathered = [news_of(saved, engine) for saved in followed]
        sent.away = next((news.problem for news in gathered if news.is_away), sent.away)
        due = [news for news in gathered if is_news(news)]
        if not due:
            continue
        mail = alert_mail(reader, due, site)
        mail.connection = get_connection()
        try:
            mail.send()
        except (SMTPException, OSError) as error:
            logger.error("The alert to %s was not sent and will be tried again: %s", reader.address, error)
            sent.undelivered.append(reader.address)
            continue
        sent.mails += 1
        for news in due:
            _record(news)
    return sent


def _readers() -> Iterator[tuple[Reader, list[SavedSearch]]]:
    followed = SavedSearch.objects.filter(by_mail=True, user__is_active=True).select_related("user")
    by_reader: dict[Reader, list[SavedSearch]] = {}
    for saved in followed:
        by_reader.setdefault(Reader(saved.user_id, saved.user.email), []).append(saved)
    yield from by_reader.items()


def _record(news: News) -> None:
    if not news.problem:
        mark_mailed(news.saved, news.unmailed)
    SavedSearch.objects.filter(pk=news.saved.pk).update(trouble_told=news.problem)
