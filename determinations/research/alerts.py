"""Alert emails about saved searches: each person gets one email with the new items, each item once.

What was sent is recorded after the mail server accepts it: a crash in between repeats an email and loses
none. The repeated one has the same Message-ID, by which mail programs show it once. Every email has a signed
link that stops all of them, without signing in.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from hashlib import blake2b
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.core import signing
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import ngettext

from determinations.case.citation import NOT_PRECEDENT, item_citation
from determinations.models import DECISION_MEANINGS, AlertTiming, Decision, SavedSearch
from determinations.research.new_items import NewItem, new_items
from determinations.research.saved_searches import News, mark_mailed, news_of
from determinations.search.interface import SearchEngine

_SALT = "determinations.research.alerts"

logger = logging.getLogger(__name__)
SHOWN_OF_EACH = 10
"""The most items that an email lists for each search; it links to the rest."""
HOUR_OF_ALERTS = 6
"""Daily alerts are due at this hour of the site's time zone, weekly ones on Mondays at this hour."""


class UnknownTokenError(Exception):
    """The token was not made here."""


def stop_path(user_id: int) -> str:
    return reverse("determinations:stop_alerts", args=[signing.dumps(user_id, salt=_SALT)])


def subscriber_of(token: str) -> int:
    """The key of the user whom the token was made for. Raises UnknownTokenError."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except signing.BadSignature as error:
        raise UnknownTokenError from error


def stop_mail(user_id: int) -> int:
    """Turn every alert by mail off; gives how many there were."""
    followed = SavedSearch.objects.filter(user_id=user_id).exclude(alerts=AlertTiming.OFF)
    return followed.update(alerts=AlertTiming.OFF)


def is_due(alerts: str, alerted_at: datetime, now: datetime) -> bool:
    """Whether alerts look at a search now: daily and weekly ones once after each time that they are due."""
    timing = AlertTiming(alerts)
    if timing is AlertTiming.AT_ONCE:
        return True
    return timing is not AlertTiming.OFF and alerted_at < _last_due(timing, now)


def _last_due(timing: AlertTiming, now: datetime) -> datetime:
    """The last time at which alerts of this timing were due: today's or yesterday's hour, or Monday's."""
    here = timezone.localtime(now)
    day = here.date() if here.hour >= HOUR_OF_ALERTS else here.date() - timedelta(days=1)
    if timing is AlertTiming.WEEKLY:
        day -= timedelta(days=day.weekday())
    return timezone.make_aware(datetime.combine(day, time(HOUR_OF_ALERTS)))


@dataclass(frozen=True, slots=True)
class Subscriber:
    key: int
    address: str


def is_news(news: News) -> bool:
    """Whether there is something to send: unmailed items, or an error that was not mailed yet.

    If the index is unavailable, only the administrator is notified, not the subscriber.
    """
    if news.error:
        return not news.is_away and news.error != news.saved.last_error_mailed
    return bool(news.unmailed)


def alert_mail(
    subscriber: Subscriber, gathered: Sequence[News], site: str, engine: SearchEngine
) -> EmailMessage:
    """The mail about `gathered`, all of which is news. `site` is the site's address."""
    stop = f"{site}{stop_path(subscriber.key)}"
    number = sum(len(news.unmailed) for news in gathered)
    parts = [
        *(_about(news, site, engine) for news in gathered),
        NOT_PRECEDENT,
        f"All saved searches: {site}{reverse('determinations:saved_searches')}\nStop these emails: {stop}",
    ]
    subject = _new_items(number) if number else "A saved search fails"
    if number and len(gathered) == 1:
        subject += f" for “{_one_line(gathered[0].saved.name)[:60]}”"
    return EmailMessage(
        subject=f"IMR determinations: {subject}",
        body="\n\n".join(parts) + "\n",
        to=[subscriber.address],
        headers={
            "Message-ID": _message_id(subscriber, gathered, site),
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _message_id(subscriber: Subscriber, gathered: Sequence[News], site: str) -> str:
    """The same for the same person and the same news."""
    listed = [(news.saved.pk, news.error, tuple(news.unmailed)) for news in gathered]
    digest = blake2b(repr((subscriber.key, listed)).encode(), digest_size=16).hexdigest()
    return f"<alert-{digest}@{urlsplit(site).hostname or 'localhost'}>"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _about(news: News, site: str, engine: SearchEngine) -> str:
    address = f"{site}{reverse('determinations:saved_search', args=[news.saved.pk])}"
    name = _one_line(news.saved.name)
    reason = f"\nWhy you follow it: {_one_line(news.saved.reason)}" if news.saved.reason else ""
    heading = f"{name}\n{'=' * min(len(name), 70)}{reason}\n{address}"
    if news.error:
        return (
            f"{heading}\n\nThis search can no longer be run: {news.error}\n"
            "It is still saved, and so are its new items. Correct it or save it again."
        )
    number = len(news.unmailed)
    lines = [heading, f"{capfirst(_new_items(number))}:", *_items(news, site, engine)]
    if number > SHOWN_OF_EACH:
        lines.append(f"... and {number - SHOWN_OF_EACH:,} more: {address}")
    return "\n\n".join(lines)


def _new_items(number: int) -> str:
    items = ngettext("%(number)s new disputed item", "%(number)s new disputed items", number)
    return items % {"number": f"{number:,}"}


def _items(news: News, site: str, engine: SearchEngine) -> Iterator[str]:
    if news.search is not None:
        for new in new_items(news.unmailed[:SHOWN_OF_EACH], news.search, engine):
            yield "\n  ".join([f"* {_one_line(new.item.title)}", *_lines_about(new, site)])


def _lines_about(new: NewItem, site: str) -> Iterator[str]:
    url = f"{site}{new.item.get_absolute_url()}"
    if new.correction:
        yield new.correction
    yield capfirst(DECISION_MEANINGS[Decision(new.item.decision)])
    if new.matched_in:
        yield f"Matched in: {', '.join(new.matched_in)}"
    yield item_citation(new.item, url).heading
    yield url


@dataclass(slots=True)
class Sent:
    """`undelivered` are addresses whose mail the server refused, `away` says why nothing was searched."""

    mails: int = 0
    without_address: int = 0
    undelivered: list[str] = field(default_factory=list)
    away: str = ""


def send_alerts(engine: SearchEngine, site: str, now: datetime | None = None) -> Sent:
    """Search, mail, record what is due, person by person.

    An error for one person does not stop the next one's email. What was due stays due until its mail is sent
    or there was nothing to send.
    """
    sent = Sent()
    now = now or timezone.now()
    for subscriber, followed in _subscribers(now):
        if not subscriber.address:
            sent.without_address += 1
            continue
        gathered = [news_of(saved, engine) for saved in followed]
        sent.away = next((news.error for news in gathered if news.is_away), sent.away)
        due = [news for news in gathered if is_news(news)]
        if not due:
            _note_look(gathered, now)
            continue
        mail = alert_mail(subscriber, due, site, engine)
        try:
            mail.send()
        except (SMTPException, OSError) as error:
            logger.error("The alert to %s was not sent and will be retried: %s", subscriber.address, error)
            sent.undelivered.append(subscriber.address)
            continue
        sent.mails += 1
        for news in due:
            _record(news)
        _note_look(gathered, now)
    return sent


def _subscribers(now: datetime) -> Iterator[tuple[Subscriber, list[SavedSearch]]]:
    """Each with what is due."""
    by_subscriber: dict[Subscriber, list[SavedSearch]] = {}
    for saved in SavedSearch.objects.followed().select_related("user"):
        if is_due(saved.alerts, saved.alerted_at, now):
            subscriber = Subscriber(saved.user_id, saved.user.email)
            by_subscriber.setdefault(subscriber, []).append(saved)
    yield from by_subscriber.items()


def _record(news: News) -> None:
    if not news.error:
        mark_mailed(news.saved, news.unmailed)
    SavedSearch.objects.filter(pk=news.saved.pk).update(last_error_mailed=news.error)


def _note_look(gathered: Sequence[News], now: datetime) -> None:
    """These were looked at; a search that found no index is due again."""
    looked = [news.saved.pk for news in gathered if not news.is_away]
    SavedSearch.objects.filter(pk__in=looked).exclude(alerts=AlertTiming.AT_ONCE).update(alerted_at=now)
