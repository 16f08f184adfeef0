"""Text of a Word document (.docx): paragraphs and tables in their order, headers and footers before them."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from determinations.letters.parsed_letter import UnreadableLetterError

MAX_UNPACKED_BYTES = 60_000_000
"""All parts of a document together, pictures among them."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset(
    {f"{_WORD}{name}" for name in ("del", "moveFrom", "instrText", "delText")} | {_FALLBACK}
)
"""What tracked changes have removed, the commands of fields, and second writings of text boxes."""
_WORDS = {f"{_WORD}tab": " ", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}
_DAMAGES = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, NotImplementedError)


def read_word(data: bytes) -> str:
    """The text of a Word document, a line for each paragraph and for each row of a table.

    Raises UnreadableLetterError: "office_document" for another kind of document, "too_large",
    "broken_document".
    """
    _refuse_what_unpacks_to_too_much(data)
    # Loaded here: most imports meet no Word document, and it takes half as long as all the rest.
    from docx import Document
    from lxml.etree import LxmlError

    try:
        document = Document(BytesIO(data))
        parts = {
            part.part.partname: part._element
            for section in document.sections
            for part in (section.header, section.footer)
            if not part.is_linked_to_previous
        }
        running = [line for element in parts.values() for line in _lines(element)]
        return "\n".join([*running, *_lines(document.element.body)])
    except ValueError as error:
        if "is not a Word file" in str(error):
            raise _other_document() from None
        raise _broken(error) from error
    except (*_DAMAGES, LxmlError) as error:
        raise _broken(error) from error


def _refuse_what_unpacks_to_too_much(data: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {entry.filename for entry in archive.infolist()}
            size = sum(entry.file_size for entry in archive.infolist())
    except _DAMAGES as error:
        raise _broken(error) from error
    if "[Content_Types].xml" not in names or "_rels/.rels" not in names:
        raise _other_document()
    if size > MAX_UNPACKED_BYTES:
        raise UnreadableLetterError(
            "too_large", f"The document unpacks to {size:,} bytes, too many for one letter. Save it as PDF."
        )


def _lines(element: Any) -> Iterator[str]:
    """The paragraphs below an element; those of a table's row on one line."""
    for child in element:
        if child.tag == f"{_WORD}p":
            yield "".join(_words(child))
        elif child.tag == f"{_WORD}tr":
            yield "  ".join(
                " ".join(_lines(cell)) for cell in child.iterchildren(f"{_WORD}tc", f"{_WORD}sdt")
            )
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _lines(child)


def _words(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_WORD}t":
            yield child.text or ""
        elif child.tag in _WORDS:
            yield _WORDS[child.tag]
        elif child.tag == f"{_WORD}p":  # a text box inside the paragraph
            yield f"\n{''.join(_words(child))}\n"
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            yield from _words(child)


def _other_document() -> UnreadableLetterError:
    return UnreadableLetterError(
        "office_document",
        "This is an office document other than Word's .docx: save the letter as PDF or text.",
    )


def _broken(error: Exception) -> UnreadableLetterError:
    return UnreadableLetterError(
        "broken_document", f"The Word document is damaged ({error}): save it again, or print it to a PDF."
    )
