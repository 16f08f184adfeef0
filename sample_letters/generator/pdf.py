"""A letter's text as a PDF like those that DWC publishes: its lines in print, a running footer on every page.

Needs reportlab, which only development has; it is imported when the first PDF is made. The same text always
gives the same bytes.
"""

from io import BytesIO

_TOP, _LEFT, _LEADING, _LINES = 730, 62, 14.2, 45


def letter_pdf(text: str, running_line: str) -> bytes:
    """The lines of `text` set page by page, `running_line` and the page number at the foot of each."""
    from reportlab.lib.pagesizes import LETTER
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    # Uncompressed, so that the bytes do not depend on the version of zlib.
    canvas = Canvas(out, pagesize=LETTER, invariant=1, pageCompression=0)
    canvas.setTitle("Invented sample letter")
    lines = text.splitlines()
    for page, start in enumerate(range(0, len(lines), _LINES), start=1):
        canvas.setFont("Times-Roman", 11)
        for row, line in enumerate(lines[start : start + _LINES]):
            canvas.drawString(_LEFT, _TOP - row * _LEADING, line)
        canvas.drawCentredString(LETTER[0] / 2, 40, f"{running_line}    {page}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()
