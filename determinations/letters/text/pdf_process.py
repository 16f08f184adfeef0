"""The program that reads PDFs in a process of its own, so that a hang or a crash of the library stays there.

Run by path, alone: it imports nothing of this project. Requests come on standard input and answers go to
standard output, each framed by its length in 8 bytes; an empty answer says first that it is ready. A request
is a PDF; an answer is a JSON object, {"pages": [text, ...], "pictures": [page number, ...], "notes": count,
"attached": [file name, ...]} or {"error": code, "detail": text}.

Arguments: most pages, most characters, most memory in bytes.
"""

import ctypes
import json
import math
import resource
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

import pypdfium2
from pypdfium2 import raw

_FRAME = struct.Struct(">Q")

_CHARACTERS_SAMPLED = 48
_MOST_ANNOTATIONS = 1000
_MOST_OBJECTS = 2000
_MOST_ATTACHMENTS = 1000

_TEXT_FIELDS = (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_NO_NOTES = (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)

_FEW_LETTERS = 300
"""Fewer on a page may be a stamp or a running header upon a scan; a letter's page has a thousand and more."""
_LOW_RESOLUTION = (400, 520)
_DARK = 200
_INK, _INK_OF_A_PICTURE = 0.002, 0.03
"""Shares of dark pixels. 300 letters darken less than 1% of a page, a page of print 5% and more."""
_PICTURE_AREA = 0.5


_OPEN_FILES = 64
_SECONDS_OF_PROCESSOR = 30
"""For one PDF: the parent's clock ends it sooner, unless the parent is gone."""
_NEW_USERS, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER and CLONE_NEWNET of unshare(2)
_SET_NO_NEW_PRIVILEGES = 38  # of prctl(2)


def _confine(most_bytes: int) -> None:
    """A PDF that takes over this process finds little: no file to write, and on Linux no network.

    A network of its own needs root, or a system that lets others have one; elsewhere the network stays.
    """
    _limit_memory(most_bytes)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        if system.unshare(_NEW_NETWORK) != 0:
            system.unshare(_NEW_USERS | _NEW_NETWORK)


def _limit_processor() -> None:
    """From here on, so much more."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(usage.ru_utime + usage.ru_stime) + _SECONDS_OF_PROCESSOR
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _limit_memory(most_bytes: int) -> None:
    # macOS knows the limit but refuses to set it; there the parent's time limit is what holds.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read_exactly(stream: BinaryIO, size: int) -> bytes | None:
    data = stream.read(size)
    return data if len(data) == size else None


def _answer(data: bytes, most_pages: int, most_characters: int) -> dict[str, object]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            return {"error": "encrypted_pdf", "detail": str(error)}
        return {"error": "broken_pdf", "detail": str(error)}
    with closing(document):
        count = len(document)
        if count > most_pages:
            return {"error": "too_many_pages", "detail": str(count)}
        if document.get_formtype() != raw.FORMTYPE_NONE:
            document.init_forms()
        pages: list[str] = []
        pictures: list[int] = []
        notes = characters = 0
        for number in range(count):
            try:
                with closing(document[number]) as page:
                    marks = _Marks.of(document, page)
                    text = _text(page, marks.fields)
                    is_picture = _is_picture(page, text)
            except pypdfium2.PdfiumError as error:
                return {"error": "broken_pdf", "detail": f"page {number + 1}: {error}"}
            characters += len(text)
            if characters > most_characters:
                return {"error": "too_large", "detail": f"more than {most_characters} characters of text"}
            pages.append(text)
            notes += marks.notes
            if is_picture:
                pictures.append(number + 1)
        return {"pages": pages, "pictures": pictures, "notes": notes, "attached": _attached(document)}


def _attached(document: pypdfium2.PdfDocument) -> list[str]:
    count = min(document.count_attachments(), _MOST_ATTACHMENTS)
    return [document.get_attachment(index).get_name()[:200] for index in range(count)]


@dataclass(frozen=True)
class _Field:
    """A form field's value, and where it stands on the page, in points from the lower left."""

    value: str
    left: float
    bottom: float
    top: float


@dataclass(frozen=True)
class _Marks:
    """What lies upon a page and is no part of its text."""

    fields: list[_Field]
    notes: int

    @classmethod
    def of(cls, document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> "_Marks":
        fields: list[_Field] = []
        notes = 0
        for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
            with _annotation(page, index) as mark:
                if raw.FPDFAnnot_GetFlags(mark) & _HIDDEN:
                    continue
                kind = raw.FPDFAnnot_GetSubtype(mark)
                if kind == raw.FPDF_ANNOT_WIDGET:
                    value = _field_value(document, mark)
                    box = raw.FS_RECTF()
                    if value and raw.FPDFAnnot_GetRect(mark, box):
                        fields.append(_Field(value, box.left, box.bottom, box.top))
                elif kind not in _NO_NOTES and _utf16(raw.FPDFAnnot_GetStringValue, mark, b"Contents"):
                    notes += 1
        return cls(fields, notes)


@contextmanager
def _annotation(page: pypdfium2.PdfPage, index: int) -> Iterator[Any]:
    mark = raw.FPDFPage_GetAnnot(page, index)
    try:
        yield mark
    finally:
        raw.FPDFPage_CloseAnnot(mark)


def _field_value(document: pypdfium2.PdfDocument, mark: Any) -> str:
    form = document.formenv
    if form is None or raw.FPDFAnnot_GetFormFieldType(form, mark) not in _TEXT_FIELDS:
        return ""
    return _utf16(raw.FPDFAnnot_GetFormFieldValue, form, mark)


def _utf16(function: Any, *arguments: object) -> str:
    """A string that pdfium writes into a buffer, after it was asked how long the string is."""
    size = function(*arguments, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    function(*arguments, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    text = buffer.raw[: size - 2].decode("utf-16-le", errors="replace")
    return " ".join(text.split())


def _text(page: pypdfium2.PdfPage, fields: list[_Field]) -> str:
    """The page's text, the values of its form fields where they stand."""
    rotation = page.get_rotation()
    with closing(page.get_textpage()) as text_page:
        upright = _upright_rotation(text_page, rotation)
        if upright == rotation:
            return _with_fields(text_page, fields)
    # pdfium gives the lines of a page that lies on its side in reverse.
    page.set_rotation(upright)
    with closing(page.get_textpage()) as text_page:
        return _with_fields(text_page, fields)


def _upright_rotation(text_page: pypdfium2.PdfTextPage, rotation: int) -> int:
    """The rotation of the page, in degrees, that shows most of its characters upright."""
    count = text_page.count_chars()
    angles: Counter[int] = Counter()
    for index in range(0, count, count // _CHARACTERS_SAMPLED + 1):
        if raw.FPDFText_GetUnicode(text_page, index) > 32:
            quarters = raw.FPDFText_GetCharAngle(text_page, index) / (math.pi / 2)
            if abs(quarters - round(quarters)) < 0.1:
                angles[round(quarters) % 4 * 90] += 1
    return (360 - angles.most_common(1)[0][0]) % 360 if angles else rotation


def _with_fields(text_page: pypdfium2.PdfTextPage, fields: list[_Field]) -> str:
    if not fields:
        return str(text_page.get_text_range())
    count = text_page.count_chars()
    boxes = [
        (index, *text_page.get_charbox(index, loose=True))
        for index in range(count)
        if raw.FPDFText_GetUnicode(text_page, index) > 32
    ]
    placed = sorted((_place(field, boxes), field.value) for field in fields)
    pieces: list[str] = []
    done = 0
    for (index, same_line), value in placed:
        if index > done:
            pieces.append(text_page.get_text_range(done, index - done))
            done = index
        pieces.append(f" {value} " if same_line else f"\n{value}\n")
    if done < count:
        pieces.append(text_page.get_text_range(done))
    return "".join(pieces)


def _place(field: _Field, boxes: list[tuple[int, float, float, float, float]]) -> tuple[int, bool]:
    """Before which character a field's value belongs, and whether in the same line."""
    beside = above = -1
    lowest = math.inf
    for index, _, bottom, right, top in boxes:
        middle = (bottom + top) / 2
        if field.bottom <= middle <= field.top:
            if right <= field.left + 2:
                beside = index
        elif middle > field.top and middle <= lowest + 1:
            above, lowest = index, min(lowest, middle)
    return (beside + 1, True) if beside >= 0 else (above + 1, False)


def _is_picture(page: pypdfium2.PdfPage, text: str) -> bool:
    """Whether the page shows what its text does not say: a scan, with a stamp or without."""
    letters = sum(map(str.isalnum, text))
    if letters >= _FEW_LETTERS or not raw.FPDFPage_CountObjects(page):
        return False
    ink = _ink(page)
    if not letters:
        return ink > _INK
    return ink > _INK_OF_A_PICTURE or (ink > _INK and _picture_area(page) > _PICTURE_AREA)


def _ink(page: pypdfium2.PdfPage) -> float:
    """The share of the page that is dark."""
    width, height = page.get_size()
    scale = min(_LOW_RESOLUTION[0] / max(width, 1), _LOW_RESOLUTION[1] / max(height, 1))
    with closing(page.render(scale=scale, grayscale=True, may_draw_forms=False, draw_annots=False)) as bitmap:
        rows = bytes(bitmap.buffer)
        pixels = b"".join(rows[start : start + bitmap.width] for start in range(0, len(rows), bitmap.stride))
    light = pixels.translate(None, bytes(range(_DARK)))
    return 1 - len(light) / len(pixels) if pixels else 0.0


def _picture_area(page: pypdfium2.PdfPage) -> float:
    """The share of the page that images cover; a scan may come in strips."""
    width, height = page.get_size()
    area = 0.0
    for number, item in enumerate(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)):
        if number == _MOST_OBJECTS:
            break
        left, bottom, right, top = item.get_bounds()
        area += (right - left) * (top - bottom)
    return area / (width * height) if width and height else 0.0


def main() -> None:
    most_pages, most_characters, most_memory = map(int, sys.argv[1:4])
    _confine(most_memory)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(_FRAME.pack(0))
    answers.flush()
    while (header := _read_exactly(requests, _FRAME.size)) is not None:
        data = _read_exactly(requests, _FRAME.unpack(header)[0])
        if data is None:
            return
        _limit_processor()
        try:
            answer = _answer(data, most_pages, most_characters)
        except MemoryError:
            answer = {"error": "too_large", "detail": "the PDF needs too much memory"}
        payload = json.dumps(answer).encode("ascii")
        answers.write(_FRAME.pack(len(payload)) + payload)
        answers.flush()


if __name__ == "__main__":
    main()
