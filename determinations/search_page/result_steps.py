"""From a result to its letter, from there to the results before and after it, and back to the search.

The address of a letter carries the search's own parameters and `result`, the result's number in the whole
list. Nothing else is kept anywhere, so the address can be bookmarked, and it always leads back to this site's
own search page. Where the index has changed meanwhile, the result is looked for near its old place.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from django.urls import reverse

from determinations.models import DisputedItem
from determinations.models.querysets import ItemName
from determinations.search.interface import Hit, SearchEngine
from determinations.search_page.address import SearchAddress
from determinations.search_page.result_rows import ResultRow
from determinations.search_page.search import Search

RESULT = "result"
"""The parameter for the result's number, from 1, among all results of the search."""
FIRST_MATCH = "match-1"
"""The anchor at which a letter opens that was found by words."""
_NEARBY = 50
"""So many results before and after its old place are looked through for a result that has moved."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ResultSteps:
    """Where a letter stands among the results: result `number` of `total`.

    `found` is the position of the disputed item found. `follows`: the item is among those behind the results
    that have some of the words only; `number` and `total` count these by themselves, as the list of results
    does. An address is "" where there is nothing. `next_follow` and `previous_found` are how many items there
    are on the other side where a step leads from results to what follows, or back.
    `is_gone`: the results have changed, and the letter is not among those near its old number.
    """

    number: int
    total: int
    back_url: str
    found: int = 0
    follows: bool = False
    is_gone: bool = False
    previous_url: str = ""
    next_url: str = ""
    next_follow: int = 0
    previous_found: int = 0


def result_anchor(item_name: str) -> str:
    """The id of a result on the search page."""
    return f"result-{item_name}"


def with_steps(rows: Sequence[ResultRow], address: SearchAddress, page_length: int) -> tuple[ResultRow, ...]:
    """The rows of the page of results that `address` names, their links carrying the search and a number."""
    first = (address.page - 1) * page_length + 1
    listed = _as_listed(rows, address, lambda row: (row.follows, row.letter_key))
    numbers = {row.ref.name: number for number, row in enumerate(listed, start=first)}
    query = _carried(address)
    return tuple(
        replace(row, ref=replace(row.ref, url=_url(row.ref.url, query, numbers[row.ref.name], address.text)))
        for row in rows
    )


def result_steps(
    search: Search, number: int, own: Mapping[int, int], engine: SearchEngine, page_length: int
) -> ResultSteps:
    """The steps of a letter that was opened as result `number`; `own` is its items' keys and positions.

    One search, another where the results have changed. One database query, and one for each search where
    results are listed by letter. Raises SearchUnavailableError and QuerySyntaxError.
    """
    address = search.address
    window = _window(search, number, engine, page_length)
    place = number
    if window.key_at(number) not in own:
        window = _window(search, number, engine, page_length, around=_NEARBY + 1)
        places = [at for at in window.hits if window.hits[at].key in own and abs(at - number) <= _NEARBY]
        if not places:
            page = min(_page_of(number, page_length), _page_of(window.total, page_length))
            return ResultSteps(number, window.total, replace(address, page=page).url, is_gone=True)
        place = min(places, key=lambda at: abs(at - number))
    hit = window.hits[place]
    names = _names([other.key for at, other in window.hits.items() if abs(at - place) <= 1])
    query = _carried(address)

    def url_at(at: int) -> str:
        name = names.get(window.key_at(at) or 0)
        return _url(_item_url(name), query, at, address.text) if name else ""

    back = replace(address, page=_page_of(place, page_length)).url
    next_hit, previous_hit = window.hits.get(place + 1), window.hits.get(place - 1)
    return ResultSteps(
        number=place - window.total if hit.follows else place,
        total=window.following if hit.follows else window.total,
        back_url=f"{back}#{result_anchor(str(names[hit.key]))}" if hit.key in names else back,
        found=own[hit.key],
        follows=hit.follows,
        previous_url=url_at(place - 1),
        next_url=url_at(place + 1),
        next_follow=window.following if next_hit and next_hit.follows and not hit.follows else 0,
        previous_found=window.total if previous_hit and hit.follows and not previous_hit.follows else 0,
    )


@dataclass(frozen=True, slots=True)
class _Window:
    """Hits by their numbers as listed on the pages of results."""

    hits: Mapping[int, Hit]
    total: int
    following: int

    def key_at(self, number: int) -> int | None:
        hit = self.hits.get(number)
        return hit.key if hit else None


def _window(search: Search, number: int, engine: SearchEngine, page_length: int, around: int = 1) -> _Window:
    """The results around a number; whole pages where a page puts its results under letters."""
    first, last = max(number - around, 1), number + around
    if search.address.by_letter:
        first = (_page_of(first, page_length) - 1) * page_length + 1
        last = _page_of(last, page_length) * page_length
    results = engine.search(search.whole_request(offset=first - 1, limit=last - first + 1))
    hits: list[Hit] = list(results.hits)
    if search.address.by_letter:
        letters = dict(
            DisputedItem.objects.filter(pk__in=[hit.key for hit in hits])
            .order_by()
            .values_list("pk", "determination")
        )
        ends = [*range(0, len(hits), page_length), len(hits)]
        hits = [
            hit
            for start, end in pairwise(ends)
            for hit in _as_listed(
                hits[start:end], search.address, lambda hit: (hit.follows, letters.get(hit.key, -hit.key))
            )
        ]
    return _Window(dict(enumerate(hits, start=first)), results.total, results.following)


def _as_listed(results: Iterable[T], address: SearchAddress, letter_of: Callable[[T], Hashable]) -> list[T]:
    """One page's results in the order in which it shows them: ranked, or each under its letter's first."""
    if not address.by_letter:
        return list(results)
    letters: dict[Hashable, list[T]] = {}
    for result in results:
        letters.setdefault(letter_of(result), []).append(result)
    return [result for of_letter in letters.values() for result in of_letter]


def _names(keys: Iterable[int]) -> dict[int, ItemName]:
    """Key -> the item's name; those whose row is gone are left out."""
    rows = DisputedItem.objects.filter(pk__in=list(keys)).order_by()
    return {
        key: ItemName(letter, position)
        for key, letter, position in rows.values_list("pk", "determination__public_id", "position")
    }


def _item_url(name: ItemName) -> str:
    return f"{reverse('determinations:determination', args=[name.letter])}#item-{name.position}"


def _page_of(number: int, page_length: int) -> int:
    return max(-(-number // page_length), 1)


def _carried(address: SearchAddress) -> str:
    """The search without its page, which the result's number says."""
    query = replace(address, page=1).query_string
    return f"{query}&" if query else ""


def _url(item_url: str, query: str, number: int, text: str) -> str:
    letter, _, item = item_url.partition("#")
    return f"{letter}?{query}{RESULT}={number}#{FIRST_MATCH if text else item}"
