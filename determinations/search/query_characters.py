"""One writing for characters that mean the same: quotes, dashes, full-width letters, spaces.

Questions are pasted from word processors, PDFs and telephones. Knows nothing of the query language.
"""

import re
import unicodedata

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″〝〞〟＂", '"'),
        **dict.fromkeys("‘’‚‛′`´ʼ＇", "'"),
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
_DASH_IN_A_SPAN = re.compile(r"(?<=\d)(?:—|--)(?=[ctls]?-?\d)", re.IGNORECASE)
_PARTING = re.compile(r"(?<=[^\s(:])(?:—|--)+(?=[^\s)])|\.{2,}")
_INVISIBLE = {"Cf"}
_BLANK = {"Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}


def plain_characters(text: str) -> str:
    """`text` in compatibility form with straight quotes, hyphens and single spaces, stripped.

    An em dash (and two hyphens) between words parts them; before a word it is a hyphen, since
    telephones write "--" so, and in a span of levels or numbers too. Three dots part words.
    Invisible characters vanish.
    """
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category in _BLANK:
            kept.append(" ")
        elif category not in _INVISIBLE:
            kept.append(character)
    text = "".join(kept)
    text = _PARTING.sub(" ", _DASH_IN_A_SPAN.sub("-", text))
    return " ".join(text.replace("—", "-").split())
