"""Saved searches and the items that are new to the person who saved one.

An item is new if the search finds it and the person has neither seen it nor been emailed about it. A search
that fails marks nothing, so items that arrive meanwhile are still new when the search works again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from pyroaring import BitMap64

from determinations.export.all_results import found_keys
from determinations.models import SavedSearch
from determinations.search.interface import SearchEngine, SearchUnavailableError
from determinations.search_page.address import QueryParams
from determinations.search_page.pagination import proposed_name
from determinations.search_page.search import InvalidSearchError, Search, read_search

MOST_SAVED_SEARCHES = 200
"""Of one person."""


@dataclass(frozen=True, slots=True)
class News:
    """Keys of all items `found`, of those not looked at yet, and of those not mailed of either.

    Tuples begin with what was stored last. `error` says why the search could not be run, `is_away` that
    this is for want of an index; the rest is empty then.
    """

    saved: SavedSearch
    search: Search | None = None
    found: BitMap64 = field(default_factory=BitMap64)
    new: tuple[int, ...] = ()
    unmailed: tuple[int, ...] = ()
    error: str = ""
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class SaveResult:
    """A search as it is saved now; `previous_name` is the name that it had already, empty if it is new."""

    saved: SavedSearch
    previous_name: str = ""


def save(user: AbstractBaseUser, name: str, query: str, engine: SearchEngine) -> SaveResult:
    """Save the search, all that it finds now being seen; one saved already is called by the new name.

    A name that nobody chose, empty or the one that the page proposes, leaves the present name as it is.
    Raises InvalidSearchError, SearchUnavailableError, or ValidationError for one too many.
    """
    search = read_saved(query)
    canonical = search.address.query_string
    proposed = proposed_name(search.address)
    name = name or proposed
    present = SavedSearch.objects.filter(user_id=user.pk, query=canonical).first()
    if present:
        previous_name = present.name
        if name != proposed:
            present.name = name
            present.save(update_fields=["name"])
        return SaveResult(present, previous_name)
    if SavedSearch.objects.filter(user_id=user.pk).count() >= MOST_SAVED_SEARCHES:
        raise ValidationError(
            f"You have {MOST_SAVED_SEARCHES} saved searches, and no more fit. Delete one first."
        )
    seen = BitMap64(found_keys(search, engine)).serialize()
    return SaveResult(SavedSearch.objects.create(user_id=user.pk, name=name, query=canonical, seen=seen))


def read_saved(query: str) -> Search:
    """The search of a stored query string, all pages together. Raises InvalidSearchError."""
    return read_search(QueryParams.of_query(query).without("page"), strict=True)


def news_of(saved: SavedSearch, engine: SearchEngine) -> News:
    """The new items. If the search cannot be run, `problem` says why; nothing is raised."""
    try:
        search = read_saved(saved.query)
        keys = BitMap64(found_keys(search, engine))
    except InvalidSearchError as error:
        return News(saved, error=str(error))
    except SearchUnavailableError as error:
        return News(saved, error=f"Search is temporarily unavailable. {error}", is_away=True)
    new = keys - _keys(saved.seen)
    unmailed = new - _keys(saved.mailed)
    return News(saved, search, keys, tuple(reversed(new)), tuple(reversed(unmailed)))


def mark_seen(saved: SavedSearch, engine: SearchEngine, up_to: int) -> int:
    """Everything found with a key up to `up_to` was looked at; gives how many were new until now."""
    found = [key for key in news_of(saved, engine).new if key <= up_to]
    _add_keys(saved, "seen", found)
    SavedSearch.objects.filter(pk=saved.pk).update(seen_at=timezone.now())
    return len(found)


def mark_mailed(saved: SavedSearch, keys: Iterable[int]) -> None:
    _add_keys(saved, "mailed", keys)


def _keys(stored: bytes | memoryview) -> BitMap64:
    return BitMap64.deserialize(bytes(stored)) if stored else BitMap64()


@transaction.atomic
def _add_keys(saved: SavedSearch, column: str, keys: Iterable[int]) -> None:
    row = SavedSearch.objects.select_for_update().get(pk=saved.pk)
    setattr(row, column, (_keys(getattr(row, column)) | BitMap64(keys)).serialize())
    row.save(update_fields=[column])
