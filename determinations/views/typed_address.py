"""What a request's address says, for those who know no request."""

from django.http import HttpRequest

from ..searching.typed_parameters import TypedParameters


def typed_in(request: HttpRequest) -> TypedParameters:
    """The parameters after the question mark, as they were typed."""
    return TypedParameters.of_lists(request.GET.lists())
