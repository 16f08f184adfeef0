"""How much of a letter OCR gets right: facts of invented letters, read from scans of them.

python -m benchmarks.ocr [--letters 6] [--seed 9]

Each letter is set as a PDF, drawn at 150 and 300 dots per inch, straight and clean or turned by a degree or
two with grain, specks and JPEG on top, and read as an import reads it. A fact is right where it is what the
letter's own text gives; the shares are of all facts of all letters.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from io import BytesIO

import numpy
import pypdfium2
from PIL import Image
from rapidfuzz.distance import Indel

from determinations.letters.parse import parse_letter, read_letters
from determinations.letters.parsed_letter import LetterDates, ParsedItem, ParsedLetter, UnreadableLetterError
from determinations.letters.text import ocr
from sample_letters.generator import invented_letters
from sample_letters.generator.pdf import letter_pdf

_SCANS = (
    # dots per inch, degrees of skew, deviation of the gray
    (300, 0.0, 0.0),
    (300, -1.5, 25.0),
    (150, 0.0, 0.0),
    (150, 1.2, 18.0),
)
_SPECKS = 0.001
_SAME_PROSE = 0.98
"""Share of characters in which a paragraph must agree to count as right."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=6, help="letters to scan and read (default 6)")
    parser.add_argument("--seed", type=int, default=9)
    arguments = parser.parse_args()
    if not ocr.is_installed():
        parser.exit(1, f"OCR is not installed: {ocr.HOW_TO_ADD}.\n")
    letters = list(invented_letters(arguments.letters * 7, arguments.seed))[::7]
    print(f"{'dpi':>4} {'skew':>5} {'grain':>5} {'s/page':>7} {'confidence':>10}  shares of facts right")
    for dots, skew, grain in _SCANS:
        right: Counter[str] = Counter()
        asked: Counter[str] = Counter()
        pages, confidence, start = 0, 0.0, time.monotonic()
        for number, letter in enumerate(letters):
            pdf = letter_pdf(letter.text, f"Final Determination Letter {letter.letter.case_number or ''}")
            data, count = scanned(pdf, dots, skew, grain, seed=number)
            pages += count
            try:
                extracted, (read, *_) = read_letters(data)
                confidence += (extracted.ocr_confidence or 0.0) * count
            except UnreadableLetterError:
                read = None
            for kind, is_right in compared(parse_letter(letter.text), read):
                asked[kind] += 1
                right[kind] += is_right
        shares = ", ".join(f"{kind} {right[kind] / asked[kind]:.0%}" for kind in asked)
        seconds = (time.monotonic() - start) / pages
        whole = sum(right.values()) / sum(asked.values())
        print(
            f"{dots:4} {skew:5.1f} {grain:5.0f} {seconds:7.1f} {confidence / pages:9.0f}%  "
            f"all {whole:.1%}: {shares}",
            flush=True,
        )


def scanned(pdf: bytes, dots: int, skew: float, grain: float, seed: int) -> tuple[bytes, int]:
    """The pages of a PDF as pictures in a new one, as a scanner gives them, and their number."""
    random = numpy.random.default_rng(seed)
    images = []
    for page in pypdfium2.PdfDocument(pdf):
        image = page.render(scale=dots / 72, grayscale=True).to_pil()
        image = image.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
        gray = numpy.asarray(image).astype(numpy.float64)
        if grain:
            gray += random.normal(0, grain, gray.shape)
            gray[random.random(gray.shape) < _SPECKS] = 0
        images.append(Image.fromarray(numpy.clip(gray, 0, 255).astype(numpy.uint8)))
    out = BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=dots, quality=75)
    return out.getvalue(), len(images)


def compared(true: ParsedLetter, read: ParsedLetter | None) -> Iterator[tuple[str, bool]]:
    """Each fact's kind, and whether it was read right; none is where the letter was not read at all."""
    yield "number", read is not None and read.case_number == true.case_number
    for field in fields(LetterDates):
        if (date := getattr(true.dates, field.name)) is not None:
            yield "dates", read is not None and getattr(read.dates, field.name) == date
    yield "reviewer", read is not None and read.reviewer == true.reviewer
    yield "patient", read is not None and read.patient == true.patient
    yield "summary", read is not None and _same(true.clinical_summary, read.clinical_summary)
    yield "item count", read is not None and len(read.items) == len(true.items)
    for index, item in enumerate(true.items):
        other = read.items[index] if read and index < len(read.items) else None
        yield "request", other is not None and _same(item.request, other.request)
        yield "decision", other is not None and other.decision == item.decision
        yield "services", other is not None and other.services == item.services
        yield "levels", other is not None and other.spinal_levels == item.spinal_levels
        yield "side", other is not None and other.laterality == item.laterality
        yield "sources", other is not None and _sources(item) == _sources(other)
        yield "rationale", other is not None and _same(item.rationale, other.rationale)


def _sources(item: ParsedItem) -> list[tuple[str, str | None]]:
    cited = (*item.claims_administrator_citations, *item.reviewer_citations)
    return [(citation.source, citation.chapter) for citation in cited]


def _same(one: str, other: str) -> bool:
    return Indel.normalized_similarity(one, other) >= _SAME_PROSE


if __name__ == "__main__":
    main()
