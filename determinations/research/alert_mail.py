"""One mail to one person with the news of all searches that are followed by mail. Sends nothing itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.urls import reverse

from determinations.citing.citations import NOT_PRECEDENT, item_citation
from determinations.models import Decision
from determinations.research.following import News
from determinations.research.unsubscribing import stop_path
from determinations.take_away.chosen_items import readable_items

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
