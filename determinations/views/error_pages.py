"""Requests that the site refuses, each with a page that says what happened and what to do now.

Typed words are given back where they came with the request, so that nobody has to write them again.

What is answered where Django itself meets a fault: to a program a problem as JSON, to a person a page.
"""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import defaults

from determinations.api.problems import FAULT, UNREADABLE, problem_answer
from determinations.search.query.errors import shown

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that cannot be told to be this site's own: 403. Nothing of it was used; Django logs `reason`."""
    context = {
        "has_cookie": settings.CSRF_COOKIE_NAME in request.COOKIES,
        "is_elsewhere": reason.startswith("Origin checking failed"),
        "back": _where_from(request),
        "typed": tuple(_typed_words(request)),
    }
    return render(request, "determinations/errors/stale_form.html", context, status=403)


def bad_request_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for what is too large. Asks neither database nor session: the request is not trusted."""
    status, told = 400, "It holds something that this site cannot read."
    if isinstance(exception, RequestDataTooBig):
        megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1_000_000
        status, told = (
            413,
            f"At most {megabytes:.1f} MB of text can be sent at once: shorten it, or send parts.",
        )
    elif isinstance(exception, TooManyFieldsSent):
        most = f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,}"
        told = f"It has more than {most} values: fewer filters, or fewer fields at once, can be read."
    elif isinstance(exception, TooManyFilesSent):
        most = f"{settings.DATA_UPLOAD_MAX_NUMBER_FILES:,}"
        told = f"It has more than {most} files: send fewer at once, or send them in a ZIP archive."
    elif isinstance(exception, DisallowedHost):
        told = (
            "This site does not answer to the host name in the address. Whoever runs it adds the name to "
            "IMR_ALLOWED_HOSTS."
        )
    return HttpResponse(render_to_string("400.html", {"told": told}), status=status)


def unknown_action(request: HttpRequest) -> HttpResponse:
    """400 for a form whose `action` the address does not know, or that has none. Nothing of it was used."""
    action = request.POST.get("action", "")
    context = {
        "told": f"There is no action {shown(action)} here." if action else "The form did not say what to do.",
        "back": _where_from(request),
        "typed": tuple(_typed_words(request)),
    }
    return render(request, "determinations/errors/unknown_action.html", context, status=400)


def explains_wrong_methods(get_response: GetResponse) -> GetResponse:
    """Middleware: an empty 405 becomes a page, for whoever bookmarked or reloaded where a button leads."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        explained = render(
            request,
            "determinations/errors/wrong_method.html",
            {"is_for_forms": "GET" not in response["Allow"], "back": _where_from(request)},
            status=405,
        )
        explained["Allow"] = response["Allow"]
        return explained

    return middleware


def _where_from(request: HttpRequest) -> str:
    """The page of this site that the request came from, or an empty text."""
    address = request.META.get("HTTP_REFERER", "")
    known = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if known else ""


def _typed_words(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Field and text of what a person wrote: notes, names and whatever has several words; no password."""
    for name, text in request.POST.items():
        value = str(text).strip()
        wrote = name == "name" or name.startswith("note-") or len(value.split()) > 1
        if value and wrote and "password" not in name.lower():
            yield name.removeprefix("note-"), value


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_answer(UNREADABLE) if _by_a_program(request) else bad_request_page(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return problem_answer(FAULT) if _by_a_program(request) else defaults.server_error(request)


def _by_a_program(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("determinations:api"))
