"""One writing for characters that mean the same, for letters, questions, synonyms and highlighting alike.

Standard library only. To be looked for, text is folded: taken apart into Unicode's compatibility form,
without accents and invisible characters, and without capitals: "Sjögren" (in one character or two), "µg",
"½", "ﬁrst", "cm²", "Type Ⅱ", "38℃", "İstanbul" become "sjogren", "μg", "1/2", "first", "cm2", "type ii",
"38°c", "istanbul".

A question that was typed or pasted, from word processors, PDFs, web pages and telephones, keeps its capitals
and accents (`plain_characters`): its signs get one writing before the query language reads it.
"""

import html
import re
import unicodedata
from typing import NamedTuple

JOINER = "\x01"
"""Takes the place of white space inside of what is read as one ("L4 to L5"): see `analysis.bridged`."""

_INSTEAD = {
    **dict.fromkeys("‐‑‒–−﹣－", "-"),
    **dict.fromkeys("‘’‚‛′`´ʼ＇", "'"),
    **dict.fromkeys("“”„‟″＂«»", '"'),
    "—": " ",
    "―": " ",
    "⁄": "/",
    "∕": "/",
    "§": " section ",
    "№": "no ",
    "®": "",
    "™": "",
    "℠": "",
    "©": "",
}
_NOT_WRITTEN = {"Mn", "Me", "Cf"}


class Folded(NamedTuple):
    """`text` and, for each of its characters and its end, the place in the text that was folded.

    `places` is empty where both have the same length and places are equal.
    """

    text: str
    places: tuple[int, ...]

    def start(self, at: int) -> int:
        return self.places[at] if self.places else at

    def end(self, at: int) -> int:
        """Where the character before `at` ends, with the accents that follow it."""
        return self.places[at] if self.places else at


def folded(text: str) -> Folded:
    """Takes time linear in the length of `text`."""
    if text.isascii():
        return Folded(text.lower(), ())
    letters: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        for letter in _folded_character(character):
            if letter == "\x02":  # a fraction does not join the number before it: 1½
                if not (letters and letters[-1].isdigit()):
                    continue
                letter = " "
            letters.append(letter)
            places.append(at)
    places.append(len(text))
    return Folded("".join(letters), tuple(places))


def plain(text: str) -> str:
    return folded(text).text


_characters: dict[str, str] = {}


def _folded_character(character: str) -> str:
    """At most 18 characters, the longest that Unicode has."""
    known = _characters.get(character)
    if known is None:
        known = _characters[character] = _fold(character)
    return known


def _fold(character: str) -> str:
    if character.isascii():
        return character.lower()
    if (instead := _INSTEAD.get(character)) is not None:
        return instead
    parts = unicodedata.normalize("NFKD", character)
    is_fraction = unicodedata.category(character) == "No" and "⁄" in parts
    plain = "".join(
        _INSTEAD.get(part, part) for part in parts if unicodedata.category(part) not in _NOT_WRITTEN
    ).casefold()
    return f"\x02{plain}" if is_fraction else plain


_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″〝〞〟＂", '"'),
        **dict.fromkeys("‘’‚‛‹›′`´ʼ＇", "'"),
        **dict.fromkeys("‐‑‒–−⁃﹣－", "-"),
        **dict.fromkeys("—―﹘⸺⸻", "—"),
        **dict.fromkeys("˜∼〜～", "~"),
        **dict.fromkeys("⁄∕", "/"),
        "∗": "*",
        "…": " ",
        # Trade marks would become letters of the word they follow: "NorcoTM".
        **dict.fromkeys("®™©℠", None),
    }
)
_FRACTION_BEHIND_NUMBER = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])")
_CUT_WORD = re.compile(r"(?<=[^\W\d_]{2}-) (?=(?!(?:and|or|to|but|und)\b)[^\W\d_]{3})")
_DASH_IN_A_SPAN = re.compile(r"(?<=\d)(?:—|--)(?=[ctls]?-?\d)", re.IGNORECASE)
_PARTING = re.compile(r"(?<=[^\s(:-])(?:—|--)+(?=[^\s)])|\.{3,}|(?<![\d:])\.{2}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|code|div|em|font|h[1-6]|hr|i|img|input|li|mark|ol|p|pre|s|script|small|span|strong|style|"
    r"sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_INVISIBLE = {"Cf"}
_BLANK = {"Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}


def plain_characters(text: str) -> str:
    """`text` in compatibility form with straight quotes, hyphens and single spaces, stripped.

    An em dash (and two hyphens) between words parts them; before a word it is a hyphen, since
    telephones write "--" so, and in a span of levels or numbers too. Three dots part words.
    Invisible characters vanish; tags of a web page part words, and its "&amp;" is a plain "&".
    """
    text = _compatible(text)
    while (read := _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)) != text:
        text = _compatible(read)
    text = _TAG.sub(" ", text)
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category in _BLANK:
            kept.append(" ")
        elif category not in _INVISIBLE:
            kept.append(character)
    text = "".join(kept)
    text = _PARTING.sub(" ", _DASH_IN_A_SPAN.sub("-", text))
    # A line's end has cut the word: "radi- culopathy".
    return _CUT_WORD.sub("", " ".join(text.replace("—", "-").split()))


def _compatible(text: str) -> str:
    text = _FRACTION_BEHIND_NUMBER.sub(" ", text)
    return unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
