"""The original letter, to read and to download. Nothing of a letter is ever served as HTML."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from determinations.importing import originals
from determinations.importing.originals import OriginalLetterMissingError
from determinations.models import Determination
from determinations.views.letter_address import shows_letter
from determinations.views.notices import takes

logger = logging.getLogger(__name__)

_PDF_MARK = b"%PDF-"
# Readers of PDF files look for the mark within the first kilobyte, and so do we.
_PDF_MARK_WITHIN = 1024


@require_safe
@takes()
@shows_letter
def original(request: HttpRequest, letter: Determination) -> HttpResponse:
    """A PDF as it came, in the browser's own reader; any other letter as a page of its text."""
    try:
        data = originals.read(letter.content_hash)
    except OriginalLetterMissingError as error:
        # The text is in the database, so there is still something to read.
        logger.error("%s", error)
        data = b""
    if _is_pdf(data):
        return _file(letter, data, as_attachment=False)
    return render(
        request, "determinations/original.html", {"letter": letter, "can_be_downloaded": bool(data)}
    )


@require_safe
@shows_letter
def download(request: HttpRequest, letter: Determination) -> HttpResponse:
    """The letter's bytes as they came, under a name that says which letter they are."""
    try:
        return _file(letter, originals.read(letter.content_hash), as_attachment=True)
    except OriginalLetterMissingError as error:
        logger.error("%s", error)
        raise Http404(
            "The file of this letter is missing on this site, but its text can still be read."
        ) from error


def _is_pdf(data: bytes) -> bool:
    return _PDF_MARK in data[:_PDF_MARK_WITHIN]


def _file(letter: Determination, data: bytes, *, as_attachment: bool) -> HttpResponse:
    kind, ending = ("application/pdf", "pdf") if _is_pdf(data) else ("text/plain", "txt")
    disposition = content_disposition_header(as_attachment, f"IMR-{letter.public_id}.{ending}")
    response = HttpResponse(data, content_type=kind, headers={"X-Content-Type-Options": "nosniff"})
    if disposition:
        response["Content-Disposition"] = disposition
    return response
