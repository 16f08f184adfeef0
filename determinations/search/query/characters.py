"""One writing for characters that mean the same: quotes, dashes, full-width letters, spaces.

Questions are pasted from word processors, PDFs, web pages and telephones. Knows nothing of the
query language.
"""

import html
import re
import unicodedata

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
