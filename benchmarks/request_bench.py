"""Measures the processor time of whole requests in one process, for questions that were not asked before.

    python -m benchmarks.request_bench --items 20000

The questions are made of the items' own words, several of each kind, each asked once. "Repeated" is the same
request right after it, its page made again; "kept" is what another visitor gets where answers are kept, and
"unchanged" a browser that has the page. Times are of the processor, so that other work has less of a say.
"""

import argparse
import io
import json
import time
from collections.abc import Iterator
from contextlib import closing
from statistics import mean
from typing import Any
from urllib.parse import urlencode

from benchmarks.corpus import Corpus
from benchmarks.markdown import table
from benchmarks.options import add_size_options
from benchmarks.questions import unseen_questions
from benchmarks.web import site_data
from benchmarks.web.pages import Parameters, site_parameters

_OF_EACH_KIND = 12
_KEPT_BYTES = 16_000_000


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_size_options(parser)
    options = parser.parse_args(arguments)
    corpus = Corpus(options.work, options.items)
    corpus.ensure()
    site_data.in_site(site_data.ensure_site(corpus))
    kinds = unseen_questions(corpus, _OF_EACH_KIND)
    found = list(measured({kind: list(map(site_parameters, several)) for kind, several in kinds.items()}))
    rows = [(kind, *(f"{milliseconds:.1f}" for milliseconds in times)) for kind, *times in found]
    print(table(("processor ms of a request", "unseen", "repeated", "kept", "unchanged"), rows))
    if options.json:
        options.json.write_text(json.dumps(found))


def measured(questions: dict[str, list[Parameters]]) -> Iterator[tuple[str, float, float, float, float]]:
    """(kind, milliseconds of an unseen, a repeated, a kept, an unchanged request), means of the kind."""
    from django.core.wsgi import get_wsgi_application
    from django.urls import reverse

    application, page = get_wsgi_application(), reverse("determinations:search")
    for several in questions.values():  # what a process does only once; these are not counted
        _times(application, page, several[0])
    for kind, several in questions.items():
        times = [_times(application, page, parameters) for parameters in several[1:]]
        unseen, repeated, kept, unchanged = map(mean, zip(*times, strict=True))
        yield kind, unseen, repeated, kept, unchanged


def _times(application: Any, page: str, parameters: Parameters) -> tuple[float, ...]:
    from django.conf import settings

    settings.KEPT_ANSWER_BYTES = 0
    times = [_time(application, page, parameters)[0] for _ in range(2)]
    settings.KEPT_ANSWER_BYTES = _KEPT_BYTES
    _time(application, page, parameters)  # keeps it
    kept, headers = _time(application, page, parameters)
    cookie = headers.get("Set-Cookie", "").partition(";")[0]  # a page without results has no forms
    browser = {"HTTP_COOKIE": cookie, "HTTP_IF_NONE_MATCH": headers["ETag"]}
    unchanged, _ = _time(application, page, parameters, status=304, **browser)
    return (*times, kept, unchanged)


def _time(
    application: Any, page: str, parameters: Parameters, status: int = 200, **more: str
) -> tuple[float, dict[str, str]]:
    """Milliseconds, and the headers of the answer."""
    answered: list[tuple[str, dict[str, str]]] = []
    environment = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": page,
        "QUERY_STRING": urlencode(parameters),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_ACCEPT": "text/html",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }
    start = time.process_time()
    answer = application(
        environment | more, lambda status, headers, *_: answered.append((status, dict(headers)))
    )
    with closing(answer):
        b"".join(answer)
    milliseconds = (time.process_time() - start) * 1000
    got, headers = answered[0]
    if not got.startswith(str(status)):
        raise SystemExit(f"{page}?{urlencode(parameters)} was answered {got}.")
    return milliseconds, headers


if __name__ == "__main__":
    main()
