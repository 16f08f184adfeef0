"""Addresses below /api/. All of them answer JSON, errors too, but for the page that explains them."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from determinations.api.api_page import api_page
from determinations.api.letters import letter_shape
from determinations.api.openapi import openapi_document
from determinations.api.parameters import read_api_search
from determinations.api.search import search_answer
from determinations.models import Determination
from determinations.search.engines import search_engine
from determinations.views.decorators import answers_programs, json_answer, query_params
from determinations.views.letter_address import shows_letter


@require_safe
def about_api(request: HttpRequest) -> HttpResponse:
    return render(request, "determinations/api.html", {"page": api_page()})


@answers_programs
def api_search(request: HttpRequest) -> HttpResponse:
    search = read_api_search(query_params(request))
    return json_answer(
        search_answer(search, search_engine(), request.build_absolute_uri, settings.RESULTS_PER_PAGE)
    )


@answers_programs
@shows_letter
def api_determination(request: HttpRequest, letter: Determination) -> HttpResponse:
    return json_answer(letter_shape(letter, request.build_absolute_uri))


@answers_programs
def openapi(request: HttpRequest) -> HttpResponse:
    return json_answer(openapi_document(sign_in_only=settings.SIGN_IN_ONLY))


@answers_programs
def api_nothing(request: HttpRequest, rest: str) -> HttpResponse:
    raise Http404(f"The API has no address “{request.path}”: its page at /api/ names them all.")
