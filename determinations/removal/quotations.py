"""Which notes quote a letter, and the notes without the quotation."""

import re
from collections.abc import Iterable, Iterator

FEWEST_WORDS = 5
"""Fewer words in a row than this are what any letter or note may say."""

_WORD = re.compile(r"\w+")
_GONE = "[removed]"


class LetterQuotations:
    """Finds what texts have in common with the texts of letters: runs of FEWEST_WORDS words or more.

    Case, punctuation and line ends make no difference. Work is linear in the text looked at.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._runs = {run for text in texts for run in _runs(_words(text))}

    def besides(self, texts: Iterable[str]) -> "LetterQuotations":
        """Without the runs that these texts contain too: what many letters say quotes none of them."""
        others = LetterQuotations(())
        others._runs = self._runs.difference(run for text in texts for run in _runs(_words(text)))
        return others

    def are_in(self, text: str) -> bool:
        return any(run in self._runs for run in _runs(_words(text)))

    def removed_from(self, text: str) -> str:
        """The text with each quotation replaced."""
        spans = list(_WORD.finditer(text))
        runs = _runs([word[0].casefold() for word in spans])
        quoted = [False] * len(spans)
        for first, run in enumerate(runs):
            if run in self._runs:
                quoted[first : first + FEWEST_WORDS] = [True] * FEWEST_WORDS
        parts: list[str] = []
        end = 0
        for number, word in enumerate(spans):
            if not quoted[number]:
                parts.append(text[end : word.end()])
            elif not number or not quoted[number - 1]:
                parts += [text[end : word.start()], _GONE]
            end = word.end()
        return "".join(parts) + text[end:]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + FEWEST_WORDS]) for at in range(len(words) - FEWEST_WORDS + 1))
