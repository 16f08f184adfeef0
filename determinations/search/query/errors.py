"""What can be wrong with a typed question, before it becomes the error a page shows.

A `ParseError` holds a message for the person and `repaired`: the whole text with this one error
repaired. The text may have further errors; `repair` goes on until none is left.
"""


class ParseError(Exception):
    """`repaired` is the text without this error, or None where nothing sensible can be offered."""

    def __init__(self, message: str, repaired: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.repaired = repaired


def quoted(text: str) -> str:
    """A piece of the question as a message quotes it, long pieces shortened in the middle."""
    piece = text.strip()
    if len(piece) > 60:
        piece = f"{piece[:40]} … {piece[-15:]}"
    return f"“{piece}”"


def replace_span(text: str, start: int, end: int, instead: str = " ") -> str:
    """`text` with the characters from `start` to `end` replaced."""
    return text[:start] + instead + text[end:]
