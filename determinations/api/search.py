"""The response of `/api/search`, for a search that is run exactly as requested."""

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic, sleep

from django.urls import reverse
from django.utils.translation import ngettext

from determinations.api import schemas
from determinations.api.letters import dates_of, item_shape, letter_path
from determinations.api.parameters import PAGE_SIZE, ApiSearch
from determinations.case.citation import Absolute
from determinations.search.facets import FACETS_BY_NAME
from determinations.search.interface import (
    WHATEVER_IS_FOUND,
    Fragment,
    Hit,
    QuerySyntaxError,
    SearchEngine,
    SearchRequest,
    SearchResults,
    SearchUnavailableError,
)
from determinations.search.query.synonyms import expand
from determinations.search_page.address import EVERY_FACET, SearchAddress
from determinations.search_page.facet_panel import FacetGroup, PanelValue, facet_groups
from determinations.search_page.filter_offers import filter_offers
from determinations.search_page.question import did_you_mean
from determinations.search_page.result_rows import passages_of, stored_items, texts_of
from determinations.search_page.search import InvalidParameter, InvalidSearchError
from determinations.statistics.rates import OutcomeRate, outcomes_in, with_outcomes

SECONDS_TO_COME_TO_REST = 2.0
SECONDS_BETWEEN_TRIES = 0.05


def search_answer(
    search: ApiSearch, engine: SearchEngine, absolute: Absolute, usual_size: int
) -> schemas.SearchAnswerSchema:
    """One page of results; `usual_size` is the page size that addresses leave out.

    Raises InvalidSearchError for a page beyond the last, and SearchUnavailableError.
    """
    address, question = search.address, search.question
    page_request = search.search.page_request(search.page_size)
    request = with_outcomes(replace(page_request, count_summaries_below=WHATEVER_IS_FOUND), EVERY_FACET)
    results, generation = _results(request, engine)
    pages = -(-(results.total + results.following) // search.page_size)
    if address.page > max(pages, 1):
        raise InvalidSearchError((_beyond(address.page, pages, results.total + results.following),))
    outcomes = outcomes_in(results)
    hits = _hits(results.hits, search, engine, absolute)
    to_page = _PageAddresses(search, absolute, usual_size)
    return schemas.SearchAnswerSchema(
        q=address.text,
        total=results.total,
        total_following=results.following,
        total_in_summaries=results.in_summaries or 0,
        page=address.page,
        pages=pages,
        page_size=search.page_size,
        sort=address.order,
        index_generation=generation,
        links=to_page.around(pages),
        outcomes=_rate(outcomes.overall),
        related_words_searched=question.is_expanded,
        related_words=tuple(
            schemas.RelatedWordSchema(added.word, added.alternatives)
            for added in (expand(question.typed).added if question.typed else ())
        ),
        filter_offers=tuple(
            schemas.FilterOfferSchema(offer.label, offer.total, to_page.of(offer.address))
            for offer in filter_offers(address, question.plain, request, results, engine).each
        ),
        other_questions=_other_questions(search, engine, to_page),
        hits=hits,
        vanished=len(results.hits) - len(hits),
        facets=tuple(_facet(group) for group in facet_groups(address, results.counts, {}, outcomes.by_facet)),
    )


def _results(request: SearchRequest, engine: SearchEngine) -> tuple[SearchResults, int]:
    """The results and the generation of the index that gave them.

    A commit in between would put the wrong number on a page, and a walk over the pages would not notice.
    Raises SearchUnavailableError where the index does not come to rest, as that of a cluster does not for as
    long as a change is written.
    """
    status = engine.status()
    deadline = monotonic() + SECONDS_TO_COME_TO_REST
    while True:
        try:
            results = engine.search(request)
        except QuerySyntaxError as error:
            raise InvalidSearchError(
                (InvalidParameter("q", error.message, error.suggestion or ""),)
            ) from error
        before, status = status, engine.status()
        if status.commit == before.commit:
            return results, status.generation
        if monotonic() > deadline:
            raise SearchUnavailableError("The search index is being changed. Try again in a minute.")
        sleep(SECONDS_BETWEEN_TRIES)


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

    def around(self, pages: int) -> schemas.PageLinksSchema:
        number = self._address.page
        everything = replace(self._address, page=1)
        csv = reverse("determinations:search_csv")
        query = everything.query_string
        return schemas.PageLinksSchema(
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
        return InvalidParameter("page", "The search finds nothing, so there is only page 1.", "1")
    held = ngettext("%(number)s page", "%(number)s pages", pages) % {"number": f"{pages:,}"}
    return InvalidParameter("page", f"There is no page {page:,}. These results have {held}.", str(pages))


def _hits(
    hits: Sequence[Hit], search: ApiSearch, engine: SearchEngine, absolute: Absolute
) -> tuple[schemas.HitSchema, ...]:
    rows = stored_items(hits)
    found = [hit for hit in hits if hit.key in rows]
    if search.address.by_letter:
        # As on the page: letters in the order of their best item, items in theirs.
        first = {rows[hit.key].determination_id: at for at, hit in reversed(list(enumerate(found)))}
        found.sort(key=lambda hit: (hit.follows, first[rows[hit.key].determination_id]))
    address, plain = search.address, search.question.plain
    parts = plain.parts if plain else ()
    shown = []
    for hit in found:
        item, node = rows[hit.key], search.question.node
        letter = item.determination
        shown.append(
            schemas.HitSchema(
                item=item_shape(item, absolute),
                determination=letter.public_id,
                case_number=letter.case_number or None,
                date=letter.letter_date,
                year=letter.year,
                dates=dates_of(letter),
                specialties=tuple(letter.specialties),
                request=_fragments(engine.highlight_whole(node, "request", item.request)),
                passages=tuple(
                    schemas.PassageSchema(schemas.LetterPart(labeled.part), _fragments(passage))
                    for labeled in passages_of(
                        texts_of(item), engine, node, summaries=address.summaries or bool(hit.in_summary)
                    )
                    for passage in labeled.passages
                ),
                score=hit.score if node is not None else None,
                follows=hit.follows,
                missing_words=tuple(parts[place] for place in hit.lacks),
                words_in_summary=tuple(parts[place] for place in hit.in_summary),
                is_invented=letter.is_invented,
                links=schemas.LinksSchema(
                    api=absolute(letter_path(letter)), html=absolute(item.get_absolute_url())
                ),
            )
        )
    return tuple(shown)


def _fragments(passage: Sequence[Fragment]) -> tuple[schemas.TextFragmentSchema, ...]:
    return tuple(schemas.TextFragmentSchema(fragment.text, fragment.is_match) for fragment in passage)


def _other_questions(
    search: ApiSearch, engine: SearchEngine, to_page: _PageAddresses
) -> tuple[schemas.OtherQuestionSchema, ...]:
    found = []
    if search.address.text and (better := did_you_mean(search.address, engine)):
        found.append((better.text, "A word that no letter on this site contains may be misspelled."))
    if other := search.question.other:
        found.append((other.text, search.question.reading))
    return tuple(
        schemas.OtherQuestionSchema(text, reason, to_page.of(search.address.asking(text)))
        for text, reason in found
    )


def _facet(group: FacetGroup) -> schemas.FacetSchema:
    facet = FACETS_BY_NAME[group.name]
    return schemas.FacetSchema(
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


def _value(value: PanelValue, parent: str | None) -> schemas.FacetValueSchema:
    return schemas.FacetValueSchema(
        value=value.value,
        label=value.label,
        parent=parent,
        count=value.count,
        chosen=value.selected,
        outcomes=_rate(value.rate) if value.rate else None,
    )


def _rate(rate: OutcomeRate) -> schemas.OutcomeRateSchema:
    share, low, high = rate.figures or (None, None, None)
    return schemas.OutcomeRateSchema(rate.overturned, rate.decided, share, low, high)
