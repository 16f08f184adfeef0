"""How long somebody stays signed in: from the sign-in, and without a request in between.

A visitor's folder, which needs no account, is not limited by this.
"""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.http.response import HttpResponseBase

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
