"""What a file is, by its first bytes and never by its name."""

import re
from enum import StrEnum

HEAD_BYTES = 1024
"""How many of a file's first bytes tell its kind."""


class FileKind(StrEnum):
    TEXT = "text"
    PDF = "pdf"
    OFFICE = "office"
    """A ZIP archive of the parts of one document: Word (.docx) and others."""
    OLE = "ole"
    """An Outlook message (.msg) or an old Office document (.doc)."""
    EMAIL = "email"
    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    OTHER = "other"


ARCHIVES = frozenset({FileKind.ZIP, FileKind.TAR, FileKind.GZIP, FileKind.BZIP2})
"""Files that hold others, unpacked piece by piece from disk: they may be large."""

_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_KINDS = (
    (b"\xd0\xcf\x11\xe0", FileKind.OLE),
    (b"\x1f\x8b", FileKind.GZIP),
    (b"BZh", FileKind.BZIP2),
)
_PACK_AS_ZIP = "Unpack it and import its letters, or pack them again as a ZIP archive."
_SAVE_AS_PDF = "Save the letter as PDF, Word (.docx) or plain text and import that."
_SCAN_TO_PDF = "Save or print the letter to a PDF, run OCR over it, and import the result."
_OTHERS = (
    (b"Rar!\x1a\x07", f"The file is a RAR archive. {_PACK_AS_ZIP}"),
    (b"7z\xbc\xaf\x27\x1c", f"The file is a 7-Zip archive. {_PACK_AS_ZIP}"),
    (b"\xfd7zXZ\x00", f"The file is packed by xz. {_PACK_AS_ZIP}"),
    (b"{\\rtf", f"The file is a rich-text document. {_SAVE_AS_PDF}"),
    (b"\x89PNG", f"The file is a PNG image. {_SCAN_TO_PDF}"),
    (b"\xff\xd8\xff", f"The file is a JPEG image. {_SCAN_TO_PDF}"),
    (b"GIF8", f"The file is a GIF image. {_SCAN_TO_PDF}"),
    (b"II*\x00", f"The file is a TIFF image. {_SCAN_TO_PDF}"),
    (b"MM\x00*", f"The file is a TIFF image. {_SCAN_TO_PDF}"),
)
_PDF_HEADER = re.compile(rb"(?:\A|[\r\n])[\s\x00\xef\xbb\xbf]*%PDF-\d|\A[^\n]{0,200}%PDF-1\.\d")
_OFFICE_NAME = re.compile(
    rb"\[Content_Types\]\.xml|_rels/|docProps/|word/.*\.xml|xl/|ppt/|mimetype|META-INF/|customXml/"
)
_TAR_MARK, _TAR_MARK_AT = b"ustar", 257
_HEADER_FIELD = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,60}):[ \t]")
_ANY_FIELD = frozenset(
    {b"from", b"to", b"cc", b"subject", b"date", b"reply-to", b"sender", b"x-mailer", b"x-ms-has-attach"}
)
_MAIL_FIELDS = frozenset(
    {
        *(b"received", b"return-path", b"delivered-to", b"message-id", b"mime-version", b"content-type"),
        *(b"dkim-signature", b"arc-seal", b"authentication-results", b"x-received", b"x-mozilla-status"),
    }
)
"""Fields of an e-mail as programs keep it; a letter's own lines may begin with "Date:" and "To:"."""


def kind_of(head: bytes) -> FileKind:
    """The kind of a file that begins with these bytes, HEAD_BYTES of them where it has as many."""
    if head.startswith(_ZIPS):
        return FileKind.OFFICE if _OFFICE_NAME.match(head[30:]) else FileKind.ZIP
    for magic, kind in _KINDS:
        if head.startswith(magic):
            return kind
    if other_format(head):
        return FileKind.OTHER
    if head[_TAR_MARK_AT : _TAR_MARK_AT + len(_TAR_MARK)] == _TAR_MARK:
        return FileKind.TAR
    if _PDF_HEADER.search(head[:HEAD_BYTES]):
        return FileKind.PDF
    return FileKind.EMAIL if _is_email(head) else FileKind.TEXT


def other_format(head: bytes) -> str:
    """What a file is that cannot be read, and what to do; empty for others."""
    return next((reason for magic, reason in _OTHERS if head.startswith(magic)), "")


def _is_email(head: bytes) -> bool:
    lines = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\r\n").splitlines()
    if lines and lines[0].startswith(b"From ") and b"@" in lines[0]:
        lines = lines[1:]  # the line by which a mailbox parts its messages
    names: set[bytes] = set()
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            continue
        field = _HEADER_FIELD.match(line + b" ")
        if field is None:
            break
        names.add(field[1].lower())
    return len(names) > 1 and not names.isdisjoint(_MAIL_FIELDS) and bool(names & (_ANY_FIELD | _MAIL_FIELDS))
