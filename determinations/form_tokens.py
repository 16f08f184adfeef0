"""The token against forgery (CSRF) in forms, and its places in a page that is made for several visitors.

Such a page gets a mark wherever a token belongs. The mark is random and of this page alone: nobody can write
it into an address that repeats what it says, to have another visitor's token put there.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.middleware.csrf import CSRF_TOKEN_LENGTH, get_token

_MARK = "_form_token_mark"


def form_token(request: HttpRequest) -> str:
    """What a form of this page has as its token. A visitor without the cookie gets it with the answer."""
    mark: str = getattr(request, _MARK, "")
    return mark or get_token(request)


@contextmanager
def marked_places(request: HttpRequest) -> Iterator[str]:
    """Within it, pages that are made for the request get the mark that it gives in place of a token."""
    mark = secrets.token_hex(CSRF_TOKEN_LENGTH // 2)
    setattr(request, _MARK, mark)
    try:
        yield mark
    finally:
        delattr(request, _MARK)
