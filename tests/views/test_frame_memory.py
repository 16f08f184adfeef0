"""A request never makes Python take memory for frames again and again."""

import resource

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from determinations.middleware import give_frames_room

DEEPEST, CALLS = 200, 300


def small() -> None:
    """What a loop calls, at whatever depth. With a larger frame than `below`, it begins a piece somewhere."""


small.__code__ = small.__code__.replace(co_stacksize=100)


def answer(request: HttpRequest) -> HttpResponse:
    """Loops over calls at every depth that a page may have: some are at the edge of a piece of 16 KB."""

    def below(depth: int) -> None:
        for _ in range(CALLS):
            small()
        if depth:
            below(depth - 1)

    below(DEEPEST)
    return HttpResponse()


def test_loops_at_any_depth_take_no_memory_anew() -> None:
    served = give_frames_room(answer)
    served(HttpRequest())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    served(HttpRequest())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before < CALLS


def test_nothing_of_a_request_is_outside() -> None:
    assert settings.MIDDLEWARE[0] == f"{give_frames_room.__module__}.{give_frames_room.__name__}"
