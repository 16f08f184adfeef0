"""A site for signed-in people only, where a setting says so. Views that stay open say so themselves.

Pages lead to the sign-in page. Programs get a problem as JSON, and may send a name and password (HTTP Basic).
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from .api.problems import SIGN_IN, problem_answer

_CHALLENGE = 'Basic realm="IMR determinations", charset="UTF-8"'


class SignInOnly(LoginRequiredMiddleware):
    """Django's own LoginRequiredMiddleware, told what a program needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.SIGN_IN_ONLY:
            raise MiddlewareNotUsed
        super().__init__(get_response)

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if _takes_passwords(request) and (given := _name_and_password(request)):
            person = authenticate(request, username=given[0], password=given[1])
            if person is not None:
                request.user = person
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        return _challenge() if refused and _is_for_programs(request) else refused


def _challenge() -> HttpResponse:
    response = problem_answer(SIGN_IN)
    response["WWW-Authenticate"] = _CHALLENGE
    return response


def _is_for_programs(request: HttpRequest) -> bool:
    """Below /api/; the page that explains it is for people."""
    page = reverse("determinations:api")
    return request.path.startswith(page) and request.path != page


def _takes_passwords(request: HttpRequest) -> bool:
    """The API and the file of all results that it names; a person asking for the file is led to sign in."""
    return _is_for_programs(request) or request.path == reverse("determinations:search_csv")


def _name_and_password(request: HttpRequest) -> tuple[str, str] | None:
    """What the Authorization header holds (RFC 7617), or None where that is no name and password."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon and "\0" not in name else None
