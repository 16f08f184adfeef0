"""The link in each mail that ends all mail to its reader: signed, valid for good, no sign-in needed.

One mail to one person with the news of all searches that are followed by mail. Sends nothing itself.

Sends the alerts that are due: one mail a person, each piece of news once.

What was sent is recorded once the mail server has it: a crash in between repeats a mail and loses none.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from smtplib import SMTPException

from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from determinations.case.citation import NOT_PRECEDENT, item_citation
from determinations.export.chosen_items import readable_items
from determinations.models import Decision, SavedSearch
from determinations.research.saved_searches import News, mark_mailed, news_of
from determinations.search.interface import SearchEngine

_SALT = "determinations.research.alerts"


class UnknownTokenError(Exception):
    """The token was not made here."""


def stop_path(user_id: int) -> str:
    return reverse("determinations:stop_alerts", args=[signing.dumps(user_id, salt=_SALT)])


def reader_of(token: str) -> int:
    """The key of the user whom the token was made for. Raises UnknownTokenError."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except signing.BadSignature as error:
        raise UnknownTokenError from error


def stop_mail(user_id: int) -> int:
    """Turn every alert by mail off; gives how many there were."""
    return SavedSearch.objects.filter(user_id=user_id, by_mail=True).update(by_mail=False)


SHOWN_OF_EACH = 20
"""Items that a mail spells out for each search; it says how many more there are, and where."""


@dataclass(frozen=True, slots=True)
class Reader:
    key: int
    address: str


def is_news(news: News) -> bool:
    """Whether it is worth a mail: unmailed items, or a trouble that was not told yet.

    An index that is away is the trouble of whoever runs the site, and is told to them.
    """
    if news.problem:
        return not news.is_away and news.problem != news.saved.trouble_told
    return bool(news.unmailed)


def alert_mail(reader: Reader, gathered: Sequence[News], site: str) -> EmailMessage:
    """The mail about `gathered`, all of which is news. `site` is the site's address."""
    stop = f"{site}{stop_path(reader.key)}"
    number = sum(len(news.unmailed) for news in gathered)
    parts = [
        "New in your saved searches of IMR determinations.",
        *(_about(news, site) for news in gathered),
        NOT_PRECEDENT,
        f"All saved searches: {site}{reverse('determinations:saved_searches')}\nStop these mails: {stop}",
    ]
    subject = (
        f"{number:,} new disputed item{'' if number == 1 else 's'}" if number else "A saved search fails"
    )
    return EmailMessage(
        subject=f"IMR determinations: {subject}",
        body="\n\n".join(parts) + "\n",
        to=[reader.address],
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
    if news.problem:
        return (
            f"{heading}\n\nThis search cannot be run any more: {news.problem}\n"
            "It is kept, and so is what was new: change it, or save it anew."
        )
    number = len(news.unmailed)
    lines = [heading, f"{number:,} new disputed item{'' if number == 1 else 's'}:", *_items(news, site)]
    if number > SHOWN_OF_EACH:
        lines.append(f"... and {number - SHOWN_OF_EACH:,} more: {address}")
    return "\n\n".join(lines)


def _items(news: News, site: str) -> Iterator[str]:
    shown = news.unmailed[:SHOWN_OF_EACH]
    rows = readable_items().in_bulk(shown)
    for key in shown:
        if key in rows:
            item = rows[key]
            url = f"{site}{item.get_absolute_url()}"
            decision = Decision(item.decision).in_words.capitalize()
            request = " ".join(item.request.split())
            yield f"* {request}\n  {decision}\n  {item_citation(item, url).plain}\n  {url}"


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
