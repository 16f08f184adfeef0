"""What the API answers where it cannot answer: one shape for every error (RFC 9457, problem details).

Knows no search and no rows: the caller says which problem it is, and in what words.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from determinations.api.schemas import to_json
from determinations.search_page.search import InvalidParameter

CONTENT_TYPE = "application/problem+json"
SECONDS_TO_WAIT = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: `name` ends its address, `title` is the same each time, `meaning` explains it."""

    name: str
    status: HTTPStatus
    title: str
    meaning: str


NOT_UNDERSTOOD = Kind(
    "search-not-understood",
    HTTPStatus.BAD_REQUEST,
    "This search cannot be run as it is asked",
    "A parameter is unknown, has a value that it cannot have, or holds a question with a fault. "
    "Nothing is left out silently: The errors name each parameter at fault and what to write instead.",
)
UNREADABLE = Kind(
    "address-not-readable",
    HTTPStatus.BAD_REQUEST,
    "This address cannot be read",
    "It has more parameters than this site takes in at once, or is not well formed.",
)
SIGN_IN = Kind(
    "sign-in-needed",
    HTTPStatus.UNAUTHORIZED,
    "This site is for signed-in people only",
    "Send the name and password of an account of this site (HTTP Basic), or a signed-in browser’s cookie.",
)
NOT_FOUND = Kind(
    "not-found",
    HTTPStatus.NOT_FOUND,
    "There is nothing at this address",
    "No letter held here has the address or case number, or the API has no such address.",
)
READ_ONLY = Kind(
    "only-for-reading",
    HTTPStatus.METHOD_NOT_ALLOWED,
    "The API is only for reading",
    "Use GET or HEAD: nothing can be changed here.",
)
UNAVAILABLE = Kind(
    "search-unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Search is unavailable for now",
    "The search index is missing or being mended. Letters can still be read; "
    "the header Retry-After says after how many seconds to try again.",
)
FAULT = Kind(
    "fault-of-the-site",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong here",
    "The fault is this site’s and has been noted in its log.",
)
KINDS = (NOT_UNDERSTOOD, UNREADABLE, SIGN_IN, NOT_FOUND, READ_ONLY, UNAVAILABLE, FAULT)


@dataclass(frozen=True, slots=True)
class ParameterError:
    """One parameter that cannot be used."""

    field: Annotated[str, "The parameter’s name."]
    detail: Annotated[str, "What is wrong with it, in a sentence."]
    suggestion: Annotated[
        str | None,
        "What to write as its value instead; of an unknown parameter, the name that was probably meant; "
        "null where nothing comes near.",
    ]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer, as RFC 9457 lays it down."""

    type: Annotated[str, "The address of the kind of problem: the same each time, and explained there."]
    title: Annotated[str, "The kind of problem in words, the same each time."]
    status: Annotated[int, "The HTTP status again."]
    detail: Annotated[str, "What is wrong this time, in words for a person."]
    errors: Annotated[tuple[ParameterError, ...], "The parameters at fault, where it is theirs; else empty."]


def problem_answer(kind: Kind, detail: str = "", errors: tuple[InvalidParameter, ...] = ()) -> HttpResponse:
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


def problem_address(kind: Kind) -> str:
    """Where a kind of problem is explained: the same path on every host, as RFC 9457 allows."""
    return f"{reverse('determinations:api')}#{kind.name}"
