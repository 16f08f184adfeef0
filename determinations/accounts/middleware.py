"""What accounts ask of every request: sessions that end, sign-ins that met a lock, a second factor of staff.

There are two limits to how long somebody stays signed in: from the sign-in, and without a request in between.
A visitor's folder, which needs no account, is not limited by this.
"""

from collections.abc import Callable
from time import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from determinations.accounts.lockout import LOCKED_SECONDS
from determinations.accounts.second_factor import is_verified
from determinations.load_limits import too_many

_OPEN = {"second_factor", "sign_in", "sign_out", "health", "health_live", "health_ready", "metrics", "feed"}
_OPEN_NAMES = {f"determinations:{name}" for name in _OPEN} | {"admin:login", "admin:logout"}
_BEGUN = "signed_in_at"
_USED = "used_at"
_STEPS = 20
"""The last use is stored once in so many parts of the idle limit: requests seldom write."""


def begin_session(session: SessionBase) -> None:
    """Somebody signed in."""
    session[_BEGUN] = session[_USED] = int(time())


def limit_sessions(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware that signs people out when a limit has passed."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            _look(request)
        return get_response(request)

    return middleware


def _look(request: HttpRequest) -> None:
    session, now = request.session, int(time())
    if _BEGUN not in session:  # it is from before there were limits
        begin_session(session)
        return
    idle = settings.SESSION_IDLE_SECONDS
    unused = now - session.get(_USED, session[_BEGUN])
    if now - session[_BEGUN] > settings.SESSION_COOKIE_AGE or (idle and unused > idle):
        logout(request)
    elif idle and unused * _STEPS >= idle:
        session[_USED] = now


def answer_locked_sign_ins(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a sign-in that met a lock is answered with 429, on pages and to programs."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        seconds: int | None = getattr(request, LOCKED_SECONDS, None)
        if seconds is not None:
            return too_many(request, seconds, is_locked=True)
        return response

    return middleware


class RequireSecondFactor:
    """Middleware: where the setting says so, staff see nothing before they have used a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        if not settings.STAFF_SECOND_FACTOR or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        found = request.resolver_match
        if found and found.view_name in _OPEN_NAMES:
            return None
        if getattr(request.user, "is_staff", False) and not is_verified(request.user):
            return redirect("determinations:second_factor")
        return None
