"""One writing for characters that mean the same, for letters, questions, synonyms and highlighting alike.

Standard library only. Text is taken apart into Unicode's compatibility form, accents and invisible characters
are dropped, and capitals are folded: "Sjögren" (in one character or two), "µg", "½", "ﬁrst", "cm²", "Type Ⅱ",
"38℃", "İstanbul" become "sjogren", "μg", "1/2", "first", "cm2", "type ii", "38°c", "istanbul".
"""

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
