"""What the tests of kept answers have in common."""

import re
from typing import Any

from django.test import Client

Made = list[str]
"""What became of each answer that may be kept: made, kept, or unchanged."""

_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")([A-Za-z0-9]{64})"')


def tokens_of(answer: Any) -> set[str]:
    """The tokens in the forms of a page."""
    return {found[2].decode() for found in _TOKEN.finditer(answer.content)}


def without_tokens(answer: Any) -> bytes:
    return _TOKEN.sub(rb'\1token"', answer.content)


def visit(address: str, **headers: str) -> Any:
    """What a visitor gets who has never been here."""
    return Client().get(address, headers=headers)
