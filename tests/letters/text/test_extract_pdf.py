"""PDF letters: read in a worker under limits; scans, locked, broken and endless files each told apart."""

import io
import multiprocessing
import os
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from determinations.letters.parse import parse_letter, read_letter
from determinations.letters.parsed_letter import UnreadableLetterError
from determinations.letters.text.extraction import extract_text
from determinations.letters.text.pdf import MAX_PAGES, PdfReader, read_pdf
from tests.letters.invented import item, standard_letter

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


def test_a_scan_needs_ocr_even_with_a_stamp() -> None:
    assert refused(scan(3)) == "needs_ocr"
    assert refused(scan(3, "CM13-0001234 p. 2")) == "needs_ocr"


def test_a_scanned_page_between_typed_ones_is_warned_of() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in range(3):
        if page == 1:
            canvas.rect(50, 50, 400, 600, fill=1)
        else:
            for row, line in enumerate(standard_letter(item("Norco: Upheld")).split("\n")):
                canvas.drawString(50, 800 - 20 * row, line)
        canvas.showPage()
    canvas.save()
    extracted, letter = read_letter(out.getvalue())
    assert extracted.pages_without_text == (2,)
    assert ("pages_without_text", "page 2") in [(w.code, w.place) for w in letter.warnings]


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
        "answer = {'pages': ['the text of a letter, long enough'], 'unreadable_pages': []}\n"
        "answer = json.dumps(answer).encode()\n"
        "sys.stdout.buffer.write(frame.pack(len(answer)) + answer)\n",
        encoding="utf-8",
    )
    assert reader.read(b"%PDF-1.7").pages == ("the text of a letter, long enough",)
    reader.close()


def test_an_endless_answer_is_cut_off(worker: list[str]) -> None:
    reader = read_with(worker, READY + READ_ONE + "sys.stdout.buffer.write(frame.pack(1 << 60))", seconds=20)
    with pytest.raises(UnreadableLetterError) as caught:
        reader.read(b"%PDF-1.7")
    assert caught.value.code == "too_large"


def test_the_workers_memory_is_bounded() -> None:
    reader = PdfReader()
    reader.read(pdf(LONG_LETTER))
    pid = reader._worker._process.pid if reader._worker else 0
    limits = Path(f"/proc/{pid}/limits")
    if not limits.exists():
        pytest.skip("this system does not show a process's limits")
    row = next(line for line in limits.read_text().splitlines() if line.startswith("Max address space"))
    assert "unlimited" not in row
    reader.close()


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
