"""PDF letters: read in a process under limits; scans, locked, broken and endless files each told apart."""

import io
import multiprocessing
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import UnreadableLetterError
from determinations.letters.text.extraction import extract_text
from determinations.letters.text.pdf import MAX_PAGES, PdfReader, read_pdf
from tests.letters.invented import item, standard_letter
from tests.letters.one_letter import read_letter

FRAME = "import struct, sys, time\nframe = struct.Struct('>Q')\n"
READY = "sys.stdout.buffer.write(frame.pack(0)); sys.stdout.buffer.flush()\n"
READ_ONE = "size = frame.unpack(sys.stdin.buffer.read(8))[0]; sys.stdin.buffer.read(size)\n"


def pdf(text: str, *, header: str = "", password: str | None = None, lines_per_page: int = 28) -> bytes:
    """A PDF of the text's lines, each page with the header above and a running case number below."""
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=None if password is None else StandardEncryption(password, "owner"))
    lines = text.split("\n")
    for page, start in enumerate(range(0, len(lines), lines_per_page), start=1):
        canvas.drawString(72, 800, header)
        for row, line in enumerate(lines[start : start + lines_per_page]):
            canvas.drawString(72, 780 - 20 * row, line)
        canvas.drawString(72, 40, "Final Determination Letter for IMR Case Number CM15-0001234")
        canvas.drawRightString(540, 40, str(page))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def scan(pages: int, stamp: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(pages):
        canvas.rect(50, 50, 400, 600, fill=1)
        canvas.drawString(50, 800, stamp)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


LONG_LETTER = standard_letter(
    item(
        "Norco: Upheld", rationale=textwrap.fill("The records do not support what was asked for. " * 60, 90)
    ),
    item(
        "Soma 350mg: Overturned",
        rationale="It is of use and was well docum-\nented. The request is certified.",
    ),
    cover="Case Number: CM15-0001234 Date Assigned: 06/20/2015",
)


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableLetterError) as caught:
        extract_text(data)
    assert caught.value.message
    return caught.value.code


def test_a_pdf_reads_like_its_text() -> None:
    extracted, letter = read_letter(pdf(LONG_LETTER, header="MAXIMUS Federal Services"))
    assert extracted.kind == "pdf"
    assert extracted.pages > 2
    assert letter == parse_letter(LONG_LETTER)
    assert letter.items[1].rationale.startswith("It is of use and was well documented.")


def test_the_running_footer_gives_the_case_number_where_there_is_no_cover() -> None:
    letter = read_letter(pdf(standard_letter(item("Norco: Upheld"))))[1]
    assert letter.case_number == "CM15-0001234"
    assert "CM15" not in letter.items[0].rationale


@pytest.fixture
def no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("determinations.letters.text.ocr.is_installed", lambda: False)


@pytest.mark.usefixtures("no_ocr")
@pytest.mark.parametrize(
    "stamp",
    [
        "",
        "CM13-0001234 p. 2",
        "Final Determination Letter for IMR Case Number CM13-0001234 page 2 of 3 copy 1",
    ],
)
def test_a_scan_needs_ocr_even_with_a_stamp(stamp: str) -> None:
    with pytest.raises(UnreadableLetterError) as caught:
        extract_text(scan(3, stamp))
    assert caught.value.code == "needs_ocr"
    assert "tesseract-ocr" in caught.value.message


@pytest.mark.usefixtures("no_ocr")
def test_a_scanned_page_between_typed_ones_is_warned_of() -> None:
    extracted, letter = read_letter(typed_and(lambda canvas: canvas.rect(50, 50, 400, 600, fill=1)))
    assert extracted.pages_without_text == (2,)
    assert ("pages_without_text", "page 2") in [(w.code, w.place) for w in letter.warnings]


@pytest.mark.parametrize(
    "draw",
    [
        lambda canvas: canvas.drawString(50, 800, "   "),
        lambda canvas: canvas.rect(50, 50, 400, 600, fill=1, stroke=0),
        lambda canvas: canvas.line(50, 400, 300, 400),
        lambda canvas: None,
    ],
    ids=["spaces", "white paint", "a thin line", "nothing"],
)
def test_a_blank_page_is_no_picture(draw: Callable[[Canvas], None]) -> None:
    def white(canvas: Canvas) -> None:
        canvas.setFillColorRGB(1, 1, 1)
        draw(canvas)

    extracted, letter = read_letter(typed_and(white))
    assert (extracted.pages, extracted.pages_without_text, letter.warnings) == (3, (), ())


def test_a_pdf_of_blank_pages_is_empty() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.showPage()
    canvas.save()
    assert refused(out.getvalue()) == "empty_file"


def typed_and(draw: Callable[[Canvas], object]) -> bytes:
    """A typed page, a page that `draw` draws, a typed page."""
    out = io.BytesIO()
    canvas = Canvas(out)
    text = standard_letter(item("Norco: Upheld")).split("\n")
    for lines in (text[:15], None, text[15:]):
        if lines is None:
            draw(canvas)
        for row, line in enumerate(lines or ()):
            canvas.drawString(50, 800 - 20 * row, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("drawn", [0, 90, 180, 270])
@pytest.mark.parametrize("shown", [0, 90, 180, 270])
def test_a_page_reads_alike_however_it_is_turned(drawn: int, shown: int) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(850, 850))
    canvas.setPageRotation(shown)
    canvas.translate(425, 425)
    canvas.rotate(drawn)
    canvas.translate(-425, -425)
    for row, line in enumerate(standard_letter(item("Norco: Upheld")).split("\n")):
        canvas.drawString(50, 800 - 20 * row, line)
    canvas.save()
    letter = read_letter(out.getvalue())[1]
    assert letter == parse_letter(standard_letter(item("Norco: Upheld")))


def test_the_value_of_a_form_field_is_read_where_it_stands() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(50, 810, "Case Number:")
    canvas.acroForm.textfield(value="CM15-0001234", x=150, y=800, width=120, height=20)
    canvas.acroForm.textfield(value="Soma 350mg: Overturned", x=50, y=20, width=300, height=20)
    for row, line in enumerate(standard_letter(item("Norco: Upheld")).split("\n")):
        canvas.drawString(50, 780 - 20 * row, line)
    canvas.save()
    extracted, letter = read_letter(out.getvalue())
    assert letter.case_number == "CM15-0001234"
    assert extracted.text.rstrip().endswith("Soma 350mg: Overturned")


def test_notes_on_a_page_are_no_part_of_the_letter_and_are_said() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.freeTextAnnotation("Call the client.", "/Helv 12 Tf 0 g", Rect=(50, 20, 300, 60))
    canvas.textAnnotation("See the zebra file.", Rect=(50, 60, 80, 90))
    for row, line in enumerate(standard_letter(item("Norco: Upheld")).split("\n")):
        canvas.drawString(50, 800 - 20 * row, line)
    canvas.save()
    extracted, letter = read_letter(out.getvalue())
    assert "zebra" not in extracted.text
    assert [(w.code, w.message[-2:]) for w in letter.warnings] == [("notes_not_read", "2.")]


def test_files_attached_to_a_pdf_are_named() -> None:
    document = pypdfium2.PdfDocument(pdf(LONG_LETTER))
    document.new_attachment("second letter.pdf").set_data(pdf(LONG_LETTER))
    out = io.BytesIO()
    document.save(out)
    letter = read_letter(out.getvalue())[1]
    assert [w.code for w in letter.warnings] == ["attached_files"]
    assert "second letter.pdf" in letter.warnings[0].message


def test_locked_and_broken_files_are_told_apart() -> None:
    assert refused(pdf(LONG_LETTER, password="secret")) == "encrypted_pdf"  # noqa: S106
    assert extract_text(pdf(LONG_LETTER, password="")).kind == "pdf"
    whole = pdf(LONG_LETTER)
    assert refused(whole[: len(whole) // 2]) == "broken_pdf"
    assert refused(b"%PDF-1.7\n" + b"\x00" * 2000) == "broken_pdf"


def test_too_many_pages_are_refused() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(MAX_PAGES + 1):
        canvas.drawString(50, 800, "A line of a letter that has no end.")
        canvas.showPage()
    canvas.save()
    assert refused(out.getvalue()) == "too_many_pages"


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[list[str]]:
    yield [sys.executable, "-I", str(tmp_path / "worker.py")]


def read_with(command: list[str], program: str, seconds: float = 0.5) -> PdfReader:
    Path(command[-1]).write_text(FRAME + program, encoding="utf-8")
    return PdfReader(command, seconds)


def test_a_hanging_library_is_stopped_at_the_time_limit_and_replaced(worker: list[str]) -> None:
    reader = read_with(worker, READY + READ_ONE + "time.sleep(600)")
    for _ in range(2):
        with pytest.raises(UnreadableLetterError) as caught:
            reader.read(b"%PDF-1.7")
        assert caught.value.code == "pdf_too_slow"


def test_a_worker_that_never_reads_cannot_block_the_sender(worker: list[str]) -> None:
    reader = read_with(worker, READY + "time.sleep(600)")
    with pytest.raises(UnreadableLetterError) as caught:
        reader.read(b"x" * 5_000_000)
    assert caught.value.code == "pdf_too_slow"


def test_a_crash_of_the_library_fails_only_its_file(worker: list[str]) -> None:
    crash = "import os\n" + READY + READ_ONE + "os.abort()"
    reader = read_with(worker, crash, seconds=20)
    with pytest.raises(UnreadableLetterError) as caught:
        reader.read(b"%PDF-1.7")
    assert caught.value.code == "broken_pdf"
    Path(worker[-1]).write_text(
        FRAME + READY + READ_ONE + "import json\n"
        "answer = {'pages': ['the text of a letter'], 'pictures': [], 'notes': 0, 'attached': []}\n"
        "answer = json.dumps(answer).encode()\n"
        "sys.stdout.buffer.write(frame.pack(len(answer)) + answer)\n",
        encoding="utf-8",
    )
    assert reader.read(b"%PDF-1.7").pages == ("the text of a letter",)
    reader.program.close()


def test_an_endless_answer_is_cut_off(worker: list[str]) -> None:
    reader = read_with(worker, READY + READ_ONE + "sys.stdout.buffer.write(frame.pack(1 << 60))", seconds=20)
    with pytest.raises(UnreadableLetterError) as caught:
        reader.read(b"%PDF-1.7")
    assert caught.value.code == "too_large"


def test_the_workers_memory_is_bounded() -> None:
    reader = PdfReader()
    reader.read(pdf(LONG_LETTER))
    pid = reader.program.pid
    limits = Path(f"/proc/{pid}/limits")
    if not limits.exists():
        pytest.skip("this system does not show a process's limits")
    row = next(line for line in limits.read_text().splitlines() if line.startswith("Max address space"))
    assert "unlimited" not in row
    reader.program.close()


def test_threads_share_the_reader() -> None:
    data = pdf(LONG_LETTER)
    with ThreadPoolExecutor(4) as pool:
        texts = set(pool.map(lambda _: extract_text(data).text, range(12)))
    assert len(texts) == 1


def _read_in_child(data: bytes, answers: "multiprocessing.Queue[int]") -> None:
    answers.put(len(read_pdf(data).pages))


def test_a_forked_daemonic_process_gets_a_worker_of_its_own() -> None:
    data = pdf(LONG_LETTER)
    pages = len(read_pdf(data).pages)
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[int] = context.Queue()
    child = context.Process(target=_read_in_child, args=(data, answers), daemon=True)
    child.start()
    assert answers.get(timeout=60) == pages
    child.join()
    assert child.exitcode == os.EX_OK
    assert len(read_pdf(data).pages) == pages
