"""A signed-in person's search history: each search once, the latest first; kept unless switched off."""

import logging
from dataclasses import dataclass, replace

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import Error, transaction
from django.utils import timezone

from determinations.database_errors import kind_of_error
from determinations.models import PastSearch, ResearchSettings
from determinations.search_page.address import QueryParams, SearchAddress
from determinations.search_page.pagination import search_title
from determinations.search_page.search import read_search

MOST_PAST_SEARCHES = 200
"""Of one person; older ones are forgotten."""
_FORGOTTEN_AT_ONCE = 50
_LONGEST_QUERY = int(PastSearch._meta.get_field("query").max_length or 0)

logger = logging.getLogger(__name__)


def keeps_history(user: AbstractBaseUser) -> bool:
    return not ResearchSettings.objects.filter(user_id=user.pk, keeps_history=False).exists()


def remember(user: AbstractBaseUser, address: SearchAddress, total: int) -> None:
    """Keep the search with the number that it found, if the person keeps a history.

    Every item and further pages are no searches. A search page is shown all the same while the database can
    not be written, which the log says.
    """
    query = replace(address, page=1).query_string
    if address.page > 1 or not address.is_narrowed or len(query) > _LONGEST_QUERY or not keeps_history(user):
        return
    try:
        with transaction.atomic():
            _store(user, query, total)
    except Error as error:
        if kind_of_error(error) is None:
            raise
        logger.exception("A search was not added to the history")


def _store(user: AbstractBaseUser, query: str, total: int) -> None:
    PastSearch.objects.bulk_create(
        [PastSearch(user_id=user.pk, query=query, total=total, searched_at=timezone.now())],
        update_conflicts=True,
        unique_fields=("user", "query"),
        update_fields=("total", "searched_at"),
    )
    stale = PastSearch.objects.of(user).values_list("pk", flat=True)
    keys = list(stale[MOST_PAST_SEARCHES : MOST_PAST_SEARCHES + _FORGOTTEN_AT_ONCE])
    if keys:
        PastSearch.objects.filter(pk__in=keys).delete()


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A search as the history shows it: `title` in words, and where it is run again."""

    past: PastSearch
    title: str
    url: str


def history_of(user: AbstractBaseUser) -> tuple[HistoryLine, ...]:
    return tuple(_line(past) for past in PastSearch.objects.of(user))


def _line(past: PastSearch) -> HistoryLine:
    """A filter that is not known any more is left out of the words; running the search says so."""
    address = read_search(QueryParams.of_query(past.query)).address
    return HistoryLine(past, search_title(address) or past.query, address.url)
