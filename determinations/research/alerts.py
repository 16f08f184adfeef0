"""Alert emails about saved searches: each person gets one email with the new items, each item once.

What was sent is recorded after the mail server accepts it: a crash in between repeats an email and loses
none. Every email has a signed link that stops all of them, without signing in.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from smtplib import SMTPException

from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils.translation import ngettext

from determinations.case.citation import NOT_PRECEDENT, item_citation
from determinations.models import DECISION_MEANINGS, Decision, DisputedItem, SavedSearch
from determinations.research.saved_searches import News, mark_mailed, news_of
from determinations.search.interface import SearchEngine

_SALT = "determinations.research.alerts"

logger = logging.getLogger(__name__)
SHOWN_OF_EACH = 20
"""The most items that an email lists for each search; it links to the rest."""


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
    return SavedSearch.objects.filter(user_id=user_id, by_mail=True).update(by_mail=False)


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


def alert_mail(subscriber: Subscriber, gathered: Sequence[News], site: str) -> EmailMessage:
    """The mail about `gathered`, all of which is news. `site` is the site's address."""
    stop = f"{site}{stop_path(subscriber.key)}"
    number = sum(len(news.unmailed) for news in gathered)
    parts = [
        "New in your saved searches of IMR determinations.",
        *(_about(news, site) for news in gathered),
        NOT_PRECEDENT,
        f"All saved searches: {site}{reverse('determinations:saved_searches')}\nStop these emails: {stop}",
    ]
    subject = _new_items(number) if number else "A saved search fails"
    return EmailMessage(
        subject=f"IMR determinations: {subject}",
        body="\n\n".join(parts) + "\n",
        to=[subscriber.address],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _about(news: News, site: str) -> str:
    address = f"{site}{reverse('determinations:saved_search', args=[news.saved.pk])}"
    name = " ".join(news.saved.name.split())
    heading = f"{name}\n{'=' * min(len(name), 70)}\n{address}"
    if news.error:
        return (
            f"{heading}\n\nThis search can no longer be run: {news.error}\n"
            "It is still saved, and so are its new items. Correct it or save it again."
        )
    number = len(news.unmailed)
    lines = [heading, f"{_new_items(number)}:", *_items(news, site)]
    if number > SHOWN_OF_EACH:
        lines.append(f"... and {number - SHOWN_OF_EACH:,} more: {address}")
    return "\n\n".join(lines)


def _new_items(number: int) -> str:
    items = ngettext("%(number)s new disputed item", "%(number)s new disputed items", number)
    return items % {"number": f"{number:,}"}


def _items(news: News, site: str) -> Iterator[str]:
    shown = news.unmailed[:SHOWN_OF_EACH]
    rows = DisputedItem.objects.for_display().in_bulk(shown)
    for key in shown:
        if key in rows:
            item = rows[key]
            url = f"{site}{item.get_absolute_url()}"
            decision = DECISION_MEANINGS[Decision(item.decision)].capitalize()
            request = " ".join(item.title.split())
            yield f"* {request}\n  {decision}\n  {item_citation(item, url).plain}\n  {url}"


@dataclass(slots=True)
class Sent:
    """`undelivered` are addresses whose mail the server refused, `away` says why nothing was searched."""

    mails: int = 0
    without_address: int = 0
    undelivered: list[str] = field(default_factory=list)
    away: str = ""


def send_alerts(engine: SearchEngine, site: str) -> Sent:
    """Search, mail, record, person by person. An error for one person does not stop the next one's email."""
    sent = Sent()
    for subscriber, followed in _subscribers():
        if not subscriber.address:
            sent.without_address += 1
            continue
        gathered = [news_of(saved, engine) for saved in followed]
        sent.away = next((news.error for news in gathered if news.is_away), sent.away)
        due = [news for news in gathered if is_news(news)]
        if not due:
            continue
        mail = alert_mail(subscriber, due, site)
        mail.connection = get_connection()
        try:
            mail.send()
        except (SMTPException, OSError) as error:
            logger.error("The alert to %s was not sent and will be retried: %s", subscriber.address, error)
            sent.undelivered.append(subscriber.address)
            continue
        sent.mails += 1
        for news in due:
            _record(news)
    return sent


def _subscribers() -> Iterator[tuple[Subscriber, list[SavedSearch]]]:
    followed = SavedSearch.objects.filter(by_mail=True, user__is_active=True).select_related("user")
    by_subscriber: dict[Subscriber, list[SavedSearch]] = {}
    for saved in followed:
        by_subscriber.setdefault(Subscriber(saved.user_id, saved.user.email), []).append(saved)
    yield from by_subscriber.items()


def _record(news: News) -> None:
    if not news.error:
        mark_mailed(news.saved, news.unmailed)
    SavedSearch.objects.filter(pk=news.saved.pk).update(last_error_mailed=news.error)
