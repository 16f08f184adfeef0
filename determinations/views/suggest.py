"""Type-ahead for the search box, as JSON. The box works without it."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from determinations.search.engines import search_engine
from determinations.search.interface import SearchUnavailableError
from determinations.search_page.autocomplete import completions
from determinations.search_page.form import SearchFilters
from determinations.views.decorators import log_unavailable, query_params

_SHOWN = ("label", "kind", "query", "url")


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
