"""A saved search as an Atom feed, paged as RFC 5005 has it, so that a long absence loses nothing."""

from hashlib import blake2b
from itertools import islice
from urllib.parse import quote

from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import ngettext
from django.utils.xmlutils import SimplerXMLGenerator

from determinations.case.citation import NOT_PRECEDENT, item_citation
from determinations.export.xml_text import xml_text
from determinations.models import DECISION_LABELS, Decision, DisputedItem
from determinations.research.saved_searches import News

ENTRIES_PER_PAGE = 50
_TAG = "tag:imr-determinations.invalid,2026:"
"""What ids begin with (RFC 4151): no host and no key of a row, so that they stay when a site moves.

The name belongs to nobody, which `.invalid` says.
"""


class _PagedFeed(Atom1Feed):
    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if next_url := self.feed["next_url"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": next_url})


def atom_feed(news: News, site: str, path: str, page: int) -> str:
    """One page of all that the search finds, the items stored last first. `path` is the feed's own.

    A search that cannot be run is a feed with one entry, which says why.
    """
    start = (page - 1) * ENTRIES_PER_PAGE
    keys = list(islice(reversed(news.found), start, start + ENTRIES_PER_PAGE))
    has_more = len(news.found) > start + ENTRIES_PER_PAGE
    number = len(news.found)
    items = ngettext("%(number)s disputed item", "%(number)s disputed items", number)
    address = f"{site}{path}"
    feed = _PagedFeed(
        title=xml_text(f"IMR determinations: {news.saved.name}"),
        link=f"{site}{news.search.address.url}" if news.search else f"{site}/",
        description="",
        author_name="IMR Determinations",
        subtitle=f"{items % {'number': f'{number:,}'}}, newest first. {NOT_PRECEDENT}",
        feed_url=address if page == 1 else f"{address}?page={page}",
        feed_guid=f"{_TAG}searches/{_digest(news.saved.query)}",
        next_url=f"{address}?page={page + 1}" if has_more else "",
    )
    if news.error:
        feed.add_item(
            title="This saved search can no longer be run",
            link=f"{site}/",
            description=xml_text(news.error),
            unique_id=f"{_TAG}searches/{_digest(news.saved.query)}/errors/{_digest(news.error)}",
            updateddate=timezone.now(),
        )
    rows = DisputedItem.objects.for_display().in_bulk(keys)
    for item in (rows[key] for key in keys if key in rows):
        _add(feed, item, site)
    return str(feed.writeString("utf-8"))


def item_id(item: DisputedItem) -> str:
    """The item's id: of its case number, else of the letter's hash. A corrected letter keeps it."""
    letter = item.determination
    name = letter.case_number or letter.content_hash[:16] + (f"-{letter.part}" if letter.part > 1 else "")
    return f"{_TAG}determinations/{quote(name)}/items/{item.position}"


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()


def _add(feed: Atom1Feed, item: DisputedItem, site: str) -> None:
    url = f"{site}{item.get_absolute_url()}"
    decision = DECISION_LABELS[Decision(item.decision)]
    feed.add_item(
        title=xml_text(f"{decision}: {' '.join(item.title.split())}"),
        link=url,
        unique_id=item_id(item),
        pubdate=item.determination.imported_at,
        updateddate=item.determination.imported_at,
        description=format_html(
            "<p>{}</p><p>{}</p>",
            xml_text(item_citation(item, url).plain),
            xml_text(item.rationale),
        ),
    )
