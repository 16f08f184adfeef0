"""Error responses of the API: one format for every error (RFC 9457, problem details).

The caller chooses the kind of problem and writes its detail.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from determinations.api.json_schema import to_json
from determinations.search_page.search import InvalidParameter

CONTENT_TYPE = "application/problem+json"
SECONDS_TO_WAIT = 60


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A kind of problem: `name` ends its address, `title` is the same each time, `meaning` explains it."""

    name: str
    status: HTTPStatus
    title: str
    meaning: str


NOT_UNDERSTOOD = ProblemKind(
    "search-not-understood",
    HTTPStatus.BAD_REQUEST,
    "This search cannot be run as requested",
    "A parameter is unknown, has an invalid value or contains a query with an error. No parameter is ignored "
    "silently. The errors name each invalid parameter and what to write instead.",
)
UNREADABLE = ProblemKind(
    "address-not-readable",
    HTTPStatus.BAD_REQUEST,
    "This address is not valid",
    "It has too many parameters or is not well formed.",
)
SIGN_IN = ProblemKind(
    "sign-in-needed",
    HTTPStatus.UNAUTHORIZED,
    "This site is for signed-in users only",
    "Send the user name and password of an account (HTTP Basic), or a signed-in browser’s cookie.",
)
NOT_FOUND = ProblemKind(
    "not-found",
    HTTPStatus.NOT_FOUND,
    "There is nothing at this address",
    "No letter on this site has the address or case number, or the API has no such address.",
)
READ_ONLY = ProblemKind(
    "only-for-reading",
    HTTPStatus.METHOD_NOT_ALLOWED,
    "The API is read-only",
    "Use GET or HEAD.",
)
UNAVAILABLE = ProblemKind(
    "search-unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Search is temporarily unavailable",
    "The search index is missing or being repaired. Letters can still be read. "
    "The Retry-After header says how many seconds to wait.",
)
TOO_MANY = ProblemKind(
    "too-many-requests",
    HTTPStatus.TOO_MANY_REQUESTS,
    "Too many requests",
    "Too many requests came from this account or address in a short time. "
    "The Retry-After header says how many seconds to wait.",
)
INTERNAL_ERROR = ProblemKind(
    "fault-of-the-site",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong",
    "This is an error in the site, and it has been logged.",
)
KINDS = (NOT_UNDERSTOOD, UNREADABLE, SIGN_IN, NOT_FOUND, READ_ONLY, TOO_MANY, UNAVAILABLE, INTERNAL_ERROR)


@dataclass(frozen=True, slots=True)
class ParameterError:
    """One parameter that cannot be used."""

    field: Annotated[str, "The parameter’s name."]
    detail: Annotated[str, "What is wrong with it, in a sentence."]
    suggestion: Annotated[
        str | None,
        "What to write as its value instead; for an unknown parameter, the name that was probably meant; "
        "null if nothing is close.",
    ]


@dataclass(frozen=True, slots=True)
class Problem:
    """An error, as RFC 9457 defines it."""

    type: Annotated[str, "The address that identifies and explains the kind of problem."]
    title: Annotated[str, "The kind of problem in words. It is always the same for the same type."]
    status: Annotated[int, "The HTTP status."]
    detail: Annotated[str, "What is wrong in this case, in words for a person."]
    errors: Annotated[tuple[ParameterError, ...], "The invalid parameters, if any."]


def problem_response(
    kind: ProblemKind, detail: str = "", errors: tuple[InvalidParameter, ...] = ()
) -> HttpResponse:
    """The problem as a response; without a `detail` it says what its kind means."""
    problem = Problem(
        type=problem_address(kind),
        title=kind.title,
        status=kind.status,
        detail=detail or kind.meaning,
        errors=tuple(ParameterError(error.name, error.message, error.suggestion or None) for error in errors),
    )
    response = JsonResponse(
        to_json(problem),
        status=kind.status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "no-store"
    if kind is UNAVAILABLE:
        response["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def problem_address(kind: ProblemKind) -> str:
    """Where a kind of problem is explained: the same path on every host, as RFC 9457 allows."""
    return f"{reverse('determinations:api')}#{kind.name}"
