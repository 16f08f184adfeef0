"""Answers that depend on nothing but their address and the letters are kept in memory, for visitors without a
session, and a browser that has the current one gets no other (304).

`@kept_for_visitors()` marks the views. Such a view may read, of a request, its address (scheme, host, path,
query string) and the headers that it names; of the site, the rows of letters, the index, and what does not
change while the process runs: settings, templates, vocabulary. So its answer may not depend on

* a session, an account, a folder or a message. A request with the cookie of a session or of messages, or with
  a password, is answered as if nothing were kept. So is every request to a site that requires signing in, and
  one that names an encoding for its address. Selected items are in the address, and so in the key.
* the day or the time, chance, files beside the database and the index, or rows of other tables (imports).

Headers that all answers have (CSP, crawlers, the request's id) and the cookie of forms come from middleware,
for kept answers as for others. Rates are counted before a view is asked, so kept answers count as well.

The state of the letters is the commit of the index and the position of the log of changes in the database, in
which each correction, import and removal is noted as it is committed. It is read before an answer is made and
again afterwards: only an answer during which nothing changed is kept. Then all is dropped that was kept for
another state.

What is kept has no tokens of forms (`form_tokens`); each visitor gets their own. The ETag digests the state,
the address, this program's files and settings, and the secret behind the visitor's tokens. So a browser that
lost its cookie does not keep a page with an old token.
"""

import hashlib
import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import django
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CSRF_TOKEN_LENGTH, get_token
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import get_conditional_response, patch_vary_headers

from determinations import metrics
from determinations.compressed_text import CompressedText
from determinations.form_tokens import marked_places
from determinations.search.change_log import log_state
from determinations.search.engines import search_engine
from determinations.search.interface import SearchUnavailableError
from imrsite import installation

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
_View = Callable[Concatenate[HttpRequest, P], R]
LARGEST_SHARE = 8
"""An answer that takes more than this part of the budget is not kept."""
_ENTRY_BYTES = 1_000
"""What an answer takes beside its text, roughly."""
_IS_NOT_KEPT = "_answer_is_not_kept"
_WITHOUT_CACHES = "private, no-cache"  # a browser may keep it, and has to ask each time


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """`headers` are those that the view set."""

    text: CompressedText
    headers: tuple[tuple[str, str], ...]


class KeptAnswers:
    """The answers of one state of the letters; the least recently used are let go beyond the budget.

    Threads may share one. The budget is `settings.KEPT_ANSWER_BYTES`.
    """

    def __init__(self) -> None:
        self._state = ""
        self._kept: OrderedDict[bytes, KeptAnswer] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """The bytes of all that is kept, roughly."""
        return self._size

    def get(self, state: str, key: bytes) -> KeptAnswer | None:
        with self._lock:
            kept = self._kept.get(key) if state == self._state else None
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def put(self, state: str, key: bytes, answer: KeptAnswer) -> None:
        budget, size = settings.KEPT_ANSWER_BYTES, _size_of(answer)
        with self._lock:
            if state != self._state:
                self._state, self._size = state, 0
                self._kept.clear()
            if size * LARGEST_SHARE <= budget and key not in self._kept:
                self._kept[key] = answer
                self._size += size
            while self._size > budget:
                self._size -= _size_of(self._kept.popitem(last=False)[1])


_answers = KeptAnswers()


def kept_for_visitors(*headers: str) -> Callable[[_View[P, R]], _View[P, R | HttpResponse]]:
    """For a view that the module's docstring allows; `headers` are those of the request that it reads.

    Only a whole answer (200) is kept. The decorator belongs right below `require_safe`: then limits for large
    answers count only those that are made. `view.is_kept` says that a view is marked.
    """

    def decorated(view: _View[P, R]) -> _View[P, R | HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
            request.GET.keys()  # too many parameters are refused before the database is asked
            state = _state_of_letters() if _may_be_shared(request) else ""
            if not state:
                return view(request, *args, **kwargs)
            key = _key(request, state, headers)
            if unchanged := _unchanged(request, key):
                metrics.count_kept_answer("unchanged")
                return unchanged
            if kept := _answers.get(state, key):
                metrics.count_kept_answer("kept")
                return _answer(request, key, kept)
            metrics.count_kept_answer("made")
            with marked_places(request) as mark:
                response = view(request, *args, **kwargs)
            if not isinstance(response, HttpResponse):
                return response
            pieces = response.content.split(mark.encode())
            made = _to_keep(request, response, pieces) if _state_of_letters() == state else None
            if made is not None:
                _answers.put(state, key, made)
                return _answer(request, key, made)
            if len(pieces) > 1:
                response.content = get_token(request).encode().join(pieces)
            return response

        wrapped.is_kept = True  # type: ignore[attr-defined]
        return wrapped

    return decorated


def do_not_keep(request: HttpRequest) -> None:
    """For an answer that lacks something at the moment, such as what a server did not say in time."""
    setattr(request, _IS_NOT_KEPT, True)


def _may_be_shared(request: HttpRequest) -> bool:
    """Whether the visitor gets what every visitor gets."""
    own = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
    return request.method in ("GET", "HEAD") and not (
        settings.SIGN_IN_ONLY
        or not settings.KEPT_ANSWER_BYTES
        or own & request.COOKIES.keys()
        or "Authorization" in request.headers
        or request.encoding  # a charset in Content-Type: the query string is read in it
    )


def _state_of_letters() -> str:
    """ "" where it cannot be known: then pages say themselves what is wrong."""
    try:
        log = log_state()
        return f"{search_engine().status().commit} {log}" if log else ""
    except (SearchUnavailableError, Error):
        return ""


def _key(request: HttpRequest, state: str, headers: tuple[str, ...]) -> bytes:
    """A digest, so that a long address takes no memory."""
    address = (request.scheme, request.get_host(), request.path, request.META.get("QUERY_STRING", ""))
    read = tuple(request.headers.get(name) for name in headers)
    return hashlib.blake2b(repr((state, address, read)).encode()).digest()


def _unchanged(request: HttpRequest, key: bytes) -> HttpResponse | None:
    """304 for a browser that has this answer. "*" names none: the answer could as well be an error."""
    unchanged = _with_headers(request, key, HttpResponse())
    tag = unchanged["ETag"]
    if tag.removeprefix("W/") not in request.headers.get("If-None-Match", ""):
        return None
    found = get_conditional_response(request, etag=tag, response=unchanged)
    return found if isinstance(found, HttpResponse) and found.status_code == 304 else None


def _to_keep(request: HttpRequest, response: HttpResponse, pieces: list[bytes]) -> KeptAnswer | None:
    """None for an answer that must not be shown to others."""
    session = getattr(request, "session", None)
    if (
        response.status_code != 200
        or response.cookies
        or response.has_header("Cache-Control")
        or getattr(request, _IS_NOT_KEPT, False)
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")  # a token was written that is not at a marked place
        or (session is not None and session.modified)
    ):
        return None
    try:
        return KeptAnswer(CompressedText.of(pieces, CSRF_TOKEN_LENGTH), tuple(response.items()))
    except ValueError:
        return None


def _answer(request: HttpRequest, key: bytes, kept: KeptAnswer) -> HttpResponse:
    token = get_token(request).encode() if kept.text.places else b""
    is_gzipped = bool(re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")))
    response = HttpResponse(
        kept.text.gzipped(token) if is_gzipped else kept.text.plain(token), headers=dict(kept.headers)
    )
    if is_gzipped:
        response["Content-Encoding"] = "gzip"
    return _with_headers(request, key, response)


def _with_headers(request: HttpRequest, key: bytes, response: HttpResponse) -> HttpResponse:
    """The tag is a weak one: bytes differ by their token and their compression."""
    secret = request.META.get("CSRF_COOKIE", "")
    digest = hashlib.blake2b(key + secret.encode(), key=_program(), digest_size=16).hexdigest()
    response["ETag"] = f'W/"{digest}"'
    response["Cache-Control"] = _WITHOUT_CACHES
    patch_vary_headers(response, ("Cookie", "Accept-Encoding"))
    return response


def _size_of(answer: KeptAnswer) -> int:
    return answer.text.size + _ENTRY_BYTES


@cache
def _program() -> bytes:
    """Digests what else an answer depends on: this program's files, its settings, Python and Django.

    It is the same in all processes of a site, and takes 20 ms once.
    """
    digest = hashlib.blake2b(repr((settings.SECRET_KEY, sys.version, django.VERSION)).encode())
    digest.update(repr(sorted(one for one in os.environ.items() if one[0].startswith("IMR_"))).encode())
    base = installation.BASE_DIR
    folders = Path(__file__).parent, Path(installation.__file__).parent, base / "templates", base / "static"
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    names_of_styles = Path(settings.STATIC_ROOT) / "staticfiles.json"
    for path in (*sorted(path for path in files if path.suffix != ".pyc"), names_of_styles):
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{path.name} {len(content)} ".encode() + content)
    return digest.digest()
