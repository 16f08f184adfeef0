"""Bytes of a text letter to its characters: UTF-8, UTF-16, Windows-1252, Mac Roman or code page 437.

Content decides. Each of the three one-byte encodings reads any bytes, so the one is taken whose characters
stand where such characters stand in English prose. Text that was once read in a wrong encoding and saved
again ("workerâ€™s") is mended. What remains doubtful is said.
"""

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, partial
from itertools import product

from determinations.letters.parsed_letter import UnreadableLetterError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,400}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.005
_SAMPLE = 4096

_ONE_BYTE = ("cp1252", "mac_roman", "cp437")
"""In the order in which they are preferred where two fit as well."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """`in_doubt`: some characters may not be those that were written."""

    text: str
    in_doubt: bool = False


def decode_text(data: bytes) -> DecodedText:
    """The characters of a text file, NULs and other control characters taken out.

    Raises UnreadableLetterError: "not_text" for binary data, "html" for a web page.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(_mended(data[len(mark) :].decode(encoding, errors="replace")))
    if encoding_without_mark := _utf16_without_mark(data[:_SAMPLE]):
        return _checked(_mended(data.decode(encoding_without_mark, errors="replace")))
    try:
        # A file may end within a character; that alone does not make it another encoding.
        text = codecs.getincrementaldecoder("utf-8")().decode(data, final=False)
    except UnicodeDecodeError:
        return _checked(_one_byte_text(data))
    return _checked(_mended(text))


def _utf16_without_mark(sample: bytes) -> str | None:
    """UTF-16 of mostly Latin letters: every other byte is zero."""
    half = len(sample) // 2
    if half < 8 or b"\x00" not in sample:
        return None
    if sample[1::2].count(0) > half * 0.7 and sample[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.7 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def _checked(decoded: DecodedText) -> DecodedText:
    text = decoded.text
    if _HTML.match(text[:2048].lstrip("\ufeff").encode("utf-8", errors="replace")):
        raise UnreadableLetterError(
            "html", "The file is a web page. Save the letter itself, as PDF or plain text, and import that."
        )
    lost = text.count("\ufffd")
    if len(_CONTROLS.findall(text)) + lost > max(3, len(text) * _MOST_CONTROLS):
        raise UnreadableLetterError(
            "not_text",
            "The file holds binary data that is neither text nor a PDF. Import letters as PDF, Word (.docx) "
            "or plain text.",
        )
    return DecodedText(_CONTROLS.sub("", text), decoded.in_doubt or bool(lost))


# How well a character fits where it stands, in English prose: 2 is common there, -2 is never meant.
_USUAL_LETTERS = frozenset("éèñïöüçáíóúÉ")
_QUOTES_OPEN, _QUOTES_CLOSE, _APOSTROPHES = frozenset("“‘"), frozenset("”"), frozenset("’")
_BEFORE_NUMBERS = frozenset("±≥≤≈§¶£×÷−")
_AFTER_NUMBERS = frozenset("°½¼¾²³ºª×÷′″")
_UNITS_AND_MARKS = frozenset("®™©°²³µº")
_DASHES = frozenset("–—…")
_BULLETS = frozenset("•·■▪○●►")
_PLACE = re.compile(r"(?s)(?<=(.))([^\x00-\x7f])(?=(.))")


def _fit(before: str, character: str, after: str) -> int:
    """How well `character` stands between its neighbors, from -2 to 2. Neighbors that are no ASCII count as
    marks."""
    letter_before, letter_after = before.isascii() and before.isalpha(), after.isascii() and after.isalpha()
    in_word = letter_before or letter_after
    if character == "\ufffd" or "\x80" <= character <= "\x9f":
        return -2
    if character.isalpha() and character not in "ªºµΔ":
        if not in_word or before.isdigit() or after.isdigit():
            return -2
        if character.isupper() and letter_before and not before.isupper():
            return -2
        return 2 if character in _USUAL_LETTERS else (1 if character <= "\u00ff" else 0)
    if character in _APOSTROPHES:
        return 2 if before.isalnum() or before in ",.!?" else -1
    if character in _QUOTES_OPEN:
        return 2 if (before.isspace() or before in "([-—/") and not after.isspace() else -1
    if character in _QUOTES_CLOSE:
        return 2 if not before.isspace() and not after.isalnum() else -1
    if character in _DASHES:
        return 2 if letter_before == letter_after or not after.isalnum() or before.isdigit() else 0
    if character in _BULLETS:
        return 2 if before in "\n\r\t " and after in "\t " else -1
    if character == "\u00a0":
        return 1
    if character == "µ":
        return 2 if after in "gmlLMs" and not letter_before else -1
    if character in _AFTER_NUMBERS and (before.isdigit() or (before.isspace() and not letter_after)):
        return 2
    if character in _BEFORE_NUMBERS and (after.isdigit() or after.isspace()) and not letter_before:
        return 2
    if character in _UNITS_AND_MARKS and letter_before and not letter_after:
        return 1
    return -2 if in_word else -1


def _one_byte_text(data: bytes) -> DecodedText:
    readings = {encoding: data.decode(encoding, errors="replace") for encoding in _ONE_BYTE}
    scores = {encoding: _score(text) for encoding, text in readings.items()}
    best = max(_ONE_BYTE, key=lambda encoding: scores[encoding].total)
    others = [scores[encoding].total for encoding in _ONE_BYTE if readings[encoding] != readings[best]]
    in_doubt = bool(scores[best].misfits) or scores[best].total <= max(others, default=-1)
    return DecodedText(readings[best], in_doubt)


@dataclass(frozen=True, slots=True)
class _Score:
    total: int
    misfits: int


def _score(text: str) -> _Score:
    """How well all characters beyond ASCII fit; an equal place counts once for every time it occurs."""
    places = Counter(_PLACE.findall(f"\n{text}\n"))
    total = misfits = 0
    for (before, character, after), times in places.items():
        fit = _fit(before, character, after)
        total += fit * times
        misfits += times if fit < 0 else 0
    return _Score(total, misfits)


def _mended(text: str) -> DecodedText:
    """Text that was saved as UTF-8, with what an earlier wrong reading made of it undone."""
    if text.isascii():
        return DecodedText(text)
    for _ in range(2):  # the mistake may have been made twice
        for size, encoding in product((3, 2), ("latin-1", *_ONE_BYTE)):
            text = _twice_encoded(encoding, size).sub(partial(_undone, encoding), text)
    text = _CUT_QUOTE.sub("”", text)
    in_doubt = "\ufffd" in text or _LEFTOVER.search(text) is not None
    if _score(text).total >= 0:
        return DecodedText(text, in_doubt)
    # Bytes of an old Mac or DOS that were taken for Windows-1252 and then saved.
    try:
        again = _one_byte_text(text.encode("cp1252"))
    except UnicodeEncodeError:
        return DecodedText(text, in_doubt)
    return DecodedText(text, in_doubt) if again.in_doubt else again


_CUT_QUOTE = re.compile("â€(?:\ufffd|\x9d|\\?(?=[\\s.,;:)])|(?=[\\s.,;:)]))")
"""A closing quotation mark, whose last byte Windows-1252 does not have and most programs drop."""
_LEFTOVER = re.compile("[ÂÃâ][€™œ\u0080-\u00bf]|‚Ä|ΓÇ|├[^\x00-\x7f]")


@cache
def _twice_encoded(encoding: str, size: int) -> re.Pattern[str]:
    """What UTF-8 of `size` bytes looks like, read as `encoding`: punctuation has three, Latin letters two."""

    def some_of(first: int, last: int) -> str:
        return "[" + "".join(re.escape(_character(byte, encoding)) for byte in range(first, last + 1)) + "]"

    lead = some_of(0xE2, 0xE2) if size == 3 else some_of(0xC2, 0xC3)
    return re.compile(f"{lead}{some_of(0x80, 0xBF)}{{{size - 1}}}")


def _character(byte: int, encoding: str) -> str:
    # Windows itself reads the five bytes that Windows-1252 leaves open as control characters.
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)


def _undone(encoding: str, found: re.Match[str]) -> str:
    data = b"".join(
        bytes([ord(character)]) if "\x80" <= character <= "\x9f" else character.encode(encoding)
        for character in found[0]
    )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]
