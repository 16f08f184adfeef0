"""A search run exactly as search, as `/api/search` answers it. Knows no web request."""

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse

from determinations.api import search_schemas as shapes
from determinations.api.item_schemas import Links
from determinations.api.items import dates_of, item_shape, letter_path
from determinations.api.parameters import PAGE_SIZE, ApiSearch
from determinations.case.citation import Absolute
from determinations.search.facets import FACETS_BY_NAME
from determinations.search.interface import (
    Fragment,
    Hit,
    QuerySyntaxError,
    SearchEngine,
    SearchRequest,
    SearchResults,
)
from determinations.search.query.synonyms import expand
from determinations.search_page.address import EVERY_FACET, SearchAddress
from determinations.search_page.facet_panel import FacetGroup, FacetValue, facet_groups
from determinations.search_page.question import did_you_mean
from determinations.search_page.result_rows import passages_of, stored_items
from determinations.search_page.search import InvalidParameter, InvalidSearchError
from determinations.statistics.counts import outcomes_of
from determinations.statistics.rates import OutcomeRate as Rate


def search_answer(
    search: ApiSearch, engine: SearchEngine, absolute: Absolute, usual_size: int
) -> shapes.SearchAnswer:
    """One page of results; `usual_size` is the page size that addresses leave out.

    Raises InvalidSearchError for a page beyond the last, and SearchUnavailableError.
    """
    address, question = search.address, search.question
    request = search.search.page_request(search.page_size)
    results, generation = _results(request, engine)
    pages = -(-(results.total + results.following) // search.page_size)
    if address.page > max(pages, 1):
        raise InvalidSearchError((_beyond(address.page, pages, results.total),))
    outcomes = outcomes_of(engine, request, EVERY_FACET)
    hits = _hits(results.hits, search, engine, absolute)
    to_page = _PageAddresses(search, absolute, usual_size)
    return shapes.SearchAnswer(
        q=address.text,
        total=results.total,
        page=address.page,
        pages=pages,
        page_size=search.page_size,
        sort=address.order,
        index_generation=generation,
        links=to_page.around(pages),
        outcomes=_rate(outcomes.overall),
        related_words_searched=question.is_expanded,
        related_words=tuple(
            shapes.RelatedWord(added.word, added.alternatives)
            for added in (expand(question.typed).added if question.typed else ())
        ),
        other_questions=_other_questions(search, engine, to_page),
        hits=hits,
        vanished=len(results.hits) - len(hits),
        facets=tuple(_facet(group) for group in facet_groups(address, results.counts, {}, outcomes.by_facet)),
    )


def _results(request: SearchRequest, engine: SearchEngine) -> tuple[SearchResults, int]:
    """The results and the generation of the index that gave them.

    A commit in between would put the wrong number on a page, and a walk over the pages would not notice.
    """
    generation = engine.status().generation
    while True:
        try:
            results = engine.search(request)
        except QuerySyntaxError as error:
            raise InvalidSearchError(
                (InvalidParameter("q", error.message, error.suggestion or ""),)
            ) from error
        before, generation = generation, engine.status().generation
        if generation == before:
            return results, generation


class _PageAddresses:
    """Addresses of searches as JSON, with the search page size where it is not the usual one."""

    def __init__(self, search: ApiSearch, absolute: Absolute, usual_size: int) -> None:
        self._address = search.address
        self._absolute = absolute
        self._size = f"{PAGE_SIZE}={search.page_size}" if search.page_size != usual_size else ""

    def of(self, address: SearchAddress) -> str:
        query = "&".join(filter(None, (address.query_string, self._size)))
        path = reverse("determinations:api_search")
        return self._absolute(f"{path}?{query}" if query else path)

    def page(self, number: int) -> str:
        return self.of(replace(self._address, page=number))

    def around(self, pages: int) -> shapes.PageLinks:
        number = self._address.page
        everything = replace(self._address, page=1)
        csv = reverse("determinations:search_csv")
        query = everything.query_string
        return shapes.PageLinks(
            self=self.page(number),
            first=self.page(1),
            previous=self.page(number - 1) if number > 1 else None,
            next=self.page(number + 1) if number < pages else None,
            last=self.page(max(pages, 1)),
            html=self._absolute(everything.url),
            csv=self._absolute(f"{csv}?{query}" if query else csv),
        )


def _beyond(page: int, pages: int, total: int) -> InvalidParameter:
    if not total:
        return InvalidParameter("page", "Nothing is found, so there is only page 1.", "1")
    held = "1 page" if pages == 1 else f"{pages:,} pages"
    return InvalidParameter("page", f"There is no page {page:,}: these results have {held}.", str(pages))


def _hits(
    hits: Sequence[Hit], search: ApiSearch, engine: SearchEngine, absolute: Absolute
) -> tuple[shapes.Hit, ...]:
    rows = stored_items(hits)
    found = [hit for hit in hits if hit.key in rows]
    if search.address.by_letter:
        # As on the page: letters in the order of their best item, items in theirs.
        first = {rows[hit.key].determination_id: at for at, hit in reversed(list(enumerate(found)))}
        found.sort(key=lambda hit: first[rows[hit.key].determination_id])
    shown = []
    for hit in found:
        item, node = rows[hit.key], search.question.node
        letter = item.determination
        shown.append(
            shapes.Hit(
                item=item_shape(item, absolute),
                determination=letter.public_id,
                case_number=letter.case_number or None,
                date=letter.letter_date,
                year=letter.year,
                dates=dates_of(letter),
                specialties=tuple(letter.specialties),
                request=_fragments(engine.highlight_whole(node, "request", item.request)),
                passages=tuple(
                    shapes.Passage(shapes.LetterPart(labelled.part), _fragments(passage))
                    for labelled in passages_of(item, engine, node)
                    for passage in labelled.passages
                ),
                score=hit.score if node is not None else None,
                is_invented=letter.is_invented,
                links=Links(api=absolute(letter_path(letter)), html=absolute(item.get_absolute_url())),
            )
        )
    return tuple(shown)


def _fragments(passage: Sequence[Fragment]) -> tuple[shapes.TextFragment, ...]:
    return tuple(shapes.TextFragment(fragment.text, fragment.is_match) for fragment in passage)


def _other_questions(
    search: ApiSearch, engine: SearchEngine, to_page: _PageAddresses
) -> tuple[shapes.OtherQuestion, ...]:
    found = []
    if search.address.text and (better := did_you_mean(search.address, engine)):
        found.append((better.text, "A word that no letter held here has may be misspelt."))
    if other := search.question.other:
        found.append((other.text, search.question.reading))
    return tuple(
        shapes.OtherQuestion(text, reason, to_page.of(search.address.asking(text))) for text, reason in found
    )


def _facet(group: FacetGroup) -> shapes.Facet:
    facet = FACETS_BY_NAME[group.name]
    return shapes.Facet(
        name=facet.name,
        label=facet.label,
        multiple=facet.multiple,
        hierarchical=facet.hierarchical,
        values=tuple(
            _value(value, parent)
            for top in (*group.values, *group.folded)
            for value, parent in ((top, None), *((child, top.value) for child in top.children))
        ),
    )


def _value(value: FacetValue, parent: str | None) -> shapes.FacetValue:
    return shapes.FacetValue(
        value=value.value,
        label=value.label,
        parent=parent,
        count=value.count,
        chosen=value.selected,
        outcomes=_rate(value.rate) if value.rate else None,
    )


def _rate(rate: Rate) -> shapes.OutcomeRate:
    low, high = rate.interval
    told = rate.has_percentage
    return shapes.OutcomeRate(
        overturned=rate.overturned,
        decided=rate.decided,
        share=round(rate.share, 4) if told else None,
        low=round(low, 4) if told else None,
        high=round(high, 4) if told else None,
    )
