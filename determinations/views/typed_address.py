"""What a request says, for those who know no request: its parameters, and the numbers in them."""

from django.http import HttpRequest

from determinations.searching.typed_parameters import TypedParameters

_MOST_DIGITS = 18
"""Python refuses to read some thousands of digits, and a database more than 64 bits."""


def typed_in(request: HttpRequest) -> TypedParameters:
    """The parameters after the question mark, as they were typed."""
    return TypedParameters.of_lists(request.GET.lists())


def whole_number(typed: str) -> int | None:
    """The number in plain digits, None for anything else; of very many digits some very large one."""
    return int(typed[:_MOST_DIGITS]) if typed.isascii() and typed.isdecimal() else None
