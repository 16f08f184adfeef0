"""The program that reads scanned pages by OCR, in a process of its own.

Run by path, alone: it imports nothing of this project. Requests come on standard input and answers go to
standard output, each framed by its length in 8 bytes; an empty answer says first that it is ready. A request
is a page's number from 0, in 4 bytes, and the PDF; an answer is a JSON object, {"text": text, "confidence": 0
to 100, "letters": count} or {"error": detail}.

Arguments: most memory in bytes, most seconds a page.
"""

import json
import os
import resource
import struct
import sys
from array import array
from contextlib import closing, suppress
from itertools import groupby, pairwise
from typing import Any, BinaryIO

import pypdfium2
import pytesseract
from PIL import Image, ImageFilter

_FRAME = struct.Struct(">Q")
_PAGE = struct.Struct(">L")

_DOTS_PER_INCH = 300
"""What the engine is trained for: scans of fewer dots are enlarged, and read better for it."""
_MOST_PIXELS = 12_000_000
_MOST_SKEW_DEGREES = 5.0
_SKEW_STEP_DEGREES = 0.25
_SKEW_WIDTH = 800
_GRAIN = 8.0
"""Deviation of the paper's gray from which a scan counts as grainy: grain costs letters and time."""
_ONE_COLUMN = "--oem 1 --psm 4"


def _read_exactly(stream: BinaryIO, size: int) -> bytes | None:
    data = stream.read(size)
    return data if len(data) == size else None


def _answer(number: int, data: bytes, seconds: float) -> dict[str, object]:
    with closing(pypdfium2.PdfDocument(data)) as document, closing(document[number]) as page:
        image = _straightened(_without_grain(_picture(page)))
    rows = pytesseract.image_to_data(
        image, lang="eng", config=_ONE_COLUMN, timeout=seconds, output_type=pytesseract.Output.DICT
    )
    return _page_text(rows)


def _picture(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    scale = _DOTS_PER_INCH / 72
    scale = min(scale, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    with closing(page.render(scale=scale, grayscale=True)) as bitmap:
        image: Image.Image = bitmap.to_pil().copy()
        return image


def _without_grain(image: Image.Image) -> Image.Image:
    paper = dict(enumerate(image.histogram()[129:], 129))
    pixels = sum(paper.values())
    if not pixels:
        return image
    mean = sum(gray * count for gray, count in paper.items()) / pixels
    variance = sum((gray - mean) ** 2 * count for gray, count in paper.items()) / pixels
    return image.filter(ImageFilter.GaussianBlur(1.5)) if variance > _GRAIN**2 else image


def _straightened(image: Image.Image) -> Image.Image:
    """The page turned so that its lines are level: the engine joins lines that climb."""
    small = image.resize((_SKEW_WIDTH, max(1, image.height * _SKEW_WIDTH // image.width)))
    degrees = _skew(small)
    return image.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255) if degrees else image


def _skew(image: Image.Image) -> float:
    """The degrees by which turning the page makes its rows of print stand out most."""
    dark = image.point([255 if gray < 160 else 0 for gray in range(256)])
    steps = int(_MOST_SKEW_DEGREES / _SKEW_STEP_DEGREES)
    best, best_contrast = 0.0, -1.0
    # Small angles first: a page without lines stays as it is.
    for step in sorted(range(-steps, steps + 1), key=abs):
        degrees = step * _SKEW_STEP_DEGREES
        column = dark.rotate(degrees).convert("F").resize((1, dark.height), Image.Resampling.BOX)
        rows = array("f", column.tobytes())
        contrast = sum((below - above) ** 2 for above, below in pairwise(rows))
        if contrast > best_contrast * 1.02:
            best, best_contrast = degrees, contrast
    return best


def _page_text(rows: dict[str, list[Any]]) -> dict[str, object]:
    """Words put together to lines and paragraphs, and the mean confidence in their letters."""
    words = [
        ((rows["block_num"][at], rows["par_num"][at]), rows["line_num"][at], word, float(rows["conf"][at]))
        for at, word in enumerate(rows["text"])
        if word.strip() and float(rows["conf"][at]) >= 0
    ]
    paragraphs = [
        "\n".join(
            " ".join(word[2] for word in line) for _, line in groupby(paragraph, key=lambda word: word[1])
        )
        for _, paragraph in groupby(words, key=lambda word: word[0])
    ]
    letters = sum(len(word[2]) for word in words)
    sure = sum(len(word[2]) * word[3] for word in words)
    return {
        "text": "\n\n".join(paragraphs),
        "confidence": sure / letters if letters else 0.0,
        "letters": letters,
    }


def main() -> None:
    most_memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    # macOS knows the limit but refuses to set it; there the parent's time limit is what holds.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ["OMP_THREAD_LIMIT"] = "1"  # one reader a core is running already
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(_FRAME.pack(0))
    answers.flush()
    while (header := _read_exactly(requests, _FRAME.size)) is not None:
        data = _read_exactly(requests, _FRAME.unpack(header)[0])
        if data is None:
            return
        try:
            answer = _answer(_PAGE.unpack(data[: _PAGE.size])[0], data[_PAGE.size :], seconds)
        except (RuntimeError, MemoryError, pypdfium2.PdfiumError, pytesseract.TesseractError) as error:
            answer = {"error": str(error) or type(error).__name__}
        payload = json.dumps(answer).encode("ascii")
        answers.write(_FRAME.pack(len(payload)) + payload)
        answers.flush()


if __name__ == "__main__":
    main()
