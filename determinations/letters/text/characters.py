"""One way to write each character: applied once, when a letter's text comes in.

Composed accents (NFC), ligatures as letters, one kind of blank and of line end, soft hyphens only where a
line ends, nothing that cannot be seen. Applying it again changes nothing.
"""

import re
import unicodedata

SOFT_HYPHEN = "\u00ad"
PAGE_BREAK = "\f"

_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_SOFT_HYPHENS = dict.fromkeys("\u00ad\u0002", SOFT_HYPHEN)
# pdfium writes U+FFFE for any hyphen that ends a line, typed or not, and swallows the line's end.
_HYPHENS = {"\u2010": "-", "\u2011": "-", "\ufffe": "-\n"}
_NOTHING = dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\ufffd")
_LINE_ENDS = dict.fromkeys("\r\u000b\u0085\u2028\u2029", "\n")
_SPACES = dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " ")
_CONTROLS = dict.fromkeys(
    chr(code) for code in (*range(32), *range(0x7F, 0xA0)) if code not in (2, 9, 10, 12)
)
_PLAIN = bytes(range(32, 127)) + b"\n" + PAGE_BREAK.encode()
"""The ASCII characters that stay as they are."""
_CHARACTERS = str.maketrans(
    _CONTROLS | _SPACES | _LIGATURES | _SOFT_HYPHENS | _HYPHENS | _NOTHING | _LINE_ENDS
)

_STAY = frozenset(
    character
    for character in map(chr, (*range(0xA0, 0x300), *range(0x2010, 0x2C00)))
    if ord(character) not in _CHARACTERS and unicodedata.normalize("NFC", character) == character
)
"""Signs and letters that stay as they are and join with nothing before them: dashes, quotes, "é"."""

_SOFT_HYPHEN_BETWEEN_NUMBERS = re.compile(f"(?<=[0-9]){SOFT_HYPHEN}(?=[A-Z]?[0-9])")
_SOFT_HYPHEN_INSIDE = re.compile(f"{SOFT_HYPHEN}(?![^\\S\n\f]*(?:[\n\f]|\\Z))")
_PIECE = re.compile(r".{1,1000}(?=\s|\Z)|.{1,1000}", re.DOTALL)
"""Composing takes the square of a run of accents, so it is done piece by piece."""


def lowered(text: str) -> str:
    """The text in lower case, each letter at its place ("İ" alone grows to two characters).

    Patterns read it rather than ignore case: a literal beginning is then found without trying every letter.
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(character.lower()[:1] for character in text)


def with_single_blanks(text: str) -> str:
    """The text with one blank for any white space, and none around it."""
    if text.isprintable() and "  " not in text:  # then it holds no white space but single blanks
        return text.strip()
    return " ".join(text.split())


def normalized(text: str) -> str:
    """The text in the one way of writing that the reader knows. Linear in its length."""
    unusual = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    if not unusual or _STAY.issuperset(unusual.decode("utf-8", "surrogatepass")):
        return text  # most letters: looking is faster than translating
    text = text.replace("\r\n", "\n").translate(_CHARACTERS)
    if text.isascii():
        return text
    text = "".join(unicodedata.normalize("NFC", piece) for piece in _PIECE.findall(text))
    if SOFT_HYPHEN in text:
        text = _SOFT_HYPHEN_INSIDE.sub("", _SOFT_HYPHEN_BETWEEN_NUMBERS.sub("-", text))
    return text
