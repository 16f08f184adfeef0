"""Who may import, and who may only view imports. The admin has already checked that the user is staff."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from determinations.models import ImportBatch

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
BatchPage = Callable[[HttpRequest, ImportBatch], HttpResponseBase]
PageOfBatch = Callable[[HttpRequest, int], HttpResponseBase]


def may_import(user: User | AnonymousUser) -> bool:
    """Whether this person may bring letters in, and pause, cancel and continue imports."""
    return user.has_perm("determinations.add_importbatch")


def may_see(user: User | AnonymousUser) -> bool:
    """Whether this person may see imports and what became of their files; people who import may."""
    return user.has_perm("determinations.view_importbatch") or may_import(user)


def for_importers(page: Page[P]) -> Page[P]:
    """A page for those who may import. Others get PermissionDenied."""

    @wraps(page)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not may_import(request.user):
            raise PermissionDenied("You need the permission “Can add import batch” to import letters.")
        return page(request, *args, **kwargs)

    return checked


def for_onlookers(page: Page[P]) -> Page[P]:
    """A page for those who may see imports. Others get PermissionDenied."""

    @wraps(page)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not may_see(request.user):
            raise PermissionDenied("You need the permission “Can view import batch” to see imports.")
        return page(request, *args, **kwargs)

    return checked


def of_batch(page: BatchPage) -> PageOfBatch:
    """A page about the batch whose number its address has; 404 where there is none."""

    @wraps(page)
    def found(request: HttpRequest, batch_id: int) -> HttpResponseBase:
        return page(request, get_object_or_404(ImportBatch, pk=batch_id))

    return found


def importer(request: HttpRequest) -> User:
    """The person who imports."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
