"""What is answered where Django itself meets a fault: to a program a problem as JSON, to a person a page."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views import defaults

from determinations.api.problems import FAULT, UNREADABLE, problem_answer
from determinations.views import refusals


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_answer(UNREADABLE) if _by_a_program(request) else refusals.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return problem_answer(FAULT) if _by_a_program(request) else defaults.server_error(request)


def _by_a_program(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("determinations:api"))
