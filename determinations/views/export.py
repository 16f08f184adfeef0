"""The result list as a CSV file."""

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from determinations.export.all_results import all_hits, found_items, results_as_csv
from determinations.search.engines import search_engine
from determinations.search.interface import QuerySyntaxError, SearchUnavailableError
from determinations.search_page.address import SearchAddress
from determinations.search_page.search import InvalidSearchError, read_search
from determinations.views.decorators import log_unavailable, plain_text, query_params

_LONGEST_NAME = 60


@require_safe
def search_csv(request: HttpRequest) -> HttpResponseBase:
    """All results of the search page's parameters as CSV, streamed; the page that they ask for is ignored.

    Headers name how many items were found, follow with some of the words, and would be added by summaries.
    400 in plain text for a search that cannot be run as asked, 503 while there is no index. All of the
    search happens before the first byte, so that a file which begins is a file of all results.
    """
    try:
        search = read_search(query_params(request).without("page"), strict=True)
        hits = all_hits(search, search_engine())
    except InvalidSearchError as error:
        return plain_text("\n".join(map(str, error.errors)), 400)
    except QuerySyntaxError as error:
        return plain_text(error.message, 400)
    except SearchUnavailableError as error:
        log_unavailable(error)
        return plain_text(f"Search is temporarily unavailable. {error}", 503)
    site = request.build_absolute_uri("/").rstrip("/")
    response = StreamingHttpResponse(
        results_as_csv(found_items(hits.keys), hits.lacks, site), content_type="text/csv; charset=utf-8"
    )
    for name in ("total", "following", "in_summaries"):
        response[f"X-Items-{name.replace('_', '-').title()}"] = str(getattr(hits, name))
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=_file_name(search.address)
    )
    return response


def _file_name(address: SearchAddress) -> str:
    """ "imr-medial-branch-block-upheld-2026-11-22.csv": what was asked, and when."""
    values = [value for given in address.filters for value in given.values]
    asked = slugify(" ".join([address.text, *values]))[:_LONGEST_NAME].strip("-") or "all-items"
    return f"imr-{asked}-{timezone.localdate().isoformat()}.csv"
