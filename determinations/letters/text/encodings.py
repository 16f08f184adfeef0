"""Bytes of a text letter to its characters: UTF-8, UTF-16 and Windows-1252, told apart by content."""

import codecs
import re

from determinations.letters.parsed_letter import UnreadableLetterError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FORMATS = (
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "a rich-text document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,400}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.005
_SAMPLE = 4096


def decode_text(data: bytes) -> str:
    """The characters of a text file, NULs and other control characters taken out.

    Raises UnreadableLetterError: "not_text" for another format or binary data, "html" for a web page.
    """
    for magic, name in _OTHER_FORMATS:
        if data.startswith(magic):
            raise _not_text(f"The file is {name}, not a text or a PDF")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, errors="replace"))
    if encoding_without_mark := _utf16_without_mark(data[:_SAMPLE]):
        return _checked(data.decode(encoding_without_mark, errors="replace"))
    return _checked(_utf8_or_windows(data))


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


def _utf8_or_windows(data: bytes) -> str:
    try:
        # A file may end within a character; that alone does not make it Windows-1252.
        return codecs.getincrementaldecoder("utf-8")().decode(data, final=False)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _checked(text: str) -> str:
    if _HTML.match(text[:2048].lstrip("\ufeff").encode("utf-8", errors="replace")):
        raise UnreadableLetterError(
            "html", "The file is a web page. Save the letter itself, as PDF or plain text, and import that."
        )
    controls = len(_CONTROLS.findall(text)) + text.count("\ufffd")
    if controls > max(3, len(text) * _MOST_CONTROLS):
        raise _not_text("The file holds binary data that is neither text nor a PDF")
    return _CONTROLS.sub("", text)


def _not_text(reason: str) -> UnreadableLetterError:
    return UnreadableLetterError("not_text", f"{reason}. Import letters as PDF or plain text.")
