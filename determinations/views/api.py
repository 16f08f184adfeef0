"""Views below /api/. All return JSON, also for errors; only the page that explains the API is HTML."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from determinations.api.description import api_page, openapi_document
from determinations.api.letters import letter_shape
from determinations.api.parameters import read_api_search
from determinations.api.search import search_answer
from determinations.models import Determination
from determinations.search.engines import search_engine
from determinations.views.decorators import api_view, json_response, query_params, shows_letter


@require_safe
def about_api(request: HttpRequest) -> HttpResponse:
    return render(request, "determinations/api.html", {"page": api_page()})


@api_view
def api_search(request: HttpRequest) -> HttpResponse:
    search = read_api_search(query_params(request))
    return json_response(
        search_answer(search, search_engine(), request.build_absolute_uri, settings.RESULTS_PER_PAGE)
    )


@api_view
@shows_letter
def api_determination(request: HttpRequest, letter: Determination) -> HttpResponse:
    return json_response(letter_shape(letter, request.build_absolute_uri))


@api_view
def openapi(request: HttpRequest) -> HttpResponse:
    return json_response(openapi_document(sign_in_only=settings.SIGN_IN_ONLY))


@api_view
def api_nothing(request: HttpRequest, rest: str) -> HttpResponse:
    raise Http404(f"The API has no address “{request.path}”. See /api/ for all addresses.")
