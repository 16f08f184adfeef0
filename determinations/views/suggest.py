"""Type-ahead for the search box, as JSON; and the site as a browser's search engine (OpenSearch).

The search box works without either.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from determinations.search.engines import search_engine
from determinations.search.interface import SearchUnavailableError
from determinations.search_page.address import SearchAddress
from determinations.search_page.autocomplete import completions
from determinations.search_page.form import SearchFilters
from determinations.views.decorators import log_unavailable, query_params

_SHOWN = ("label", "kind", "query", "url")

DESCRIPTION_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE = "application/x-suggestions+json"


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Takes the search page's parameters; gives {"suggestions": [{"label", "kind", "query", "url"}, ...]}."""
    address = SearchFilters(query_params(request)).address
    try:
        found = completions(address, search_engine())
    except SearchUnavailableError as error:
        log_unavailable(error)
        return JsonResponse({"suggestions": [], "error": str(error)}, status=503)
    return JsonResponse({"suggestions": [{name: getattr(offer, name) for name in _SHOWN} for offer in found]})


@login_not_required
@require_safe
@cache_control(max_age=86_400)
def opensearch(request: HttpRequest) -> HttpResponse:
    """The description; browsers fetch it without a person's session, and it tells nothing of the letters."""
    context = {"site": request.build_absolute_uri("/").rstrip("/"), "suggestions_type": SUGGESTIONS_TYPE}
    return render(request, "determinations/opensearch.xml", context, content_type=DESCRIPTION_TYPE)


@require_safe
def browser_suggestions(request: HttpRequest) -> HttpResponse:
    """[question, [completions], [what each is], [addresses]]; without an index, 503 and no completions."""
    typed = request.GET.get("q", "")
    status = 200
    try:
        found = completions(SearchFilters(query_params(request)).address, search_engine())
    except SearchUnavailableError as error:
        log_unavailable(error)
        found, status = (), 503
    offered = [offer for offer in found if offer.words]
    answer = [
        typed,
        [offer.words for offer in offered],
        [offer.kind for offer in offered],
        [request.build_absolute_uri(offer.url or SearchAddress(text=offer.words).url) for offer in offered],
    ]
    return JsonResponse(
        answer,
        safe=False,
        status=status,
        content_type=SUGGESTIONS_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
