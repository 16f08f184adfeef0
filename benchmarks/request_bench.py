"""Measures the processor time of whole requests in one process, for questions that were not asked before.

    python -m benchmarks.request_bench --items 20000

The questions are made of the items' own words, several of each kind, each asked once. "Repeated" is the same
request right after it. Times are of the processor, so that other work on the machine has less of a say.
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


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_size_options(parser)
    options = parser.parse_args(arguments)
    corpus = Corpus(options.work, options.items)
    corpus.ensure()
    site_data.in_site(site_data.ensure_site(corpus))
    kinds = unseen_questions(corpus, _OF_EACH_KIND)
    found = list(measured({kind: list(map(site_parameters, several)) for kind, several in kinds.items()}))
    rows = [(kind, f"{unseen:.1f}", f"{repeated:.1f}") for kind, unseen, repeated in found]
    print(table(("processor ms of a request", "unseen", "repeated"), rows))
    if options.json:
        options.json.write_text(json.dumps(found))


def measured(questions: dict[str, list[Parameters]]) -> Iterator[tuple[str, float, float]]:
    """(kind, milliseconds of an unseen request, of a repeated one), means over the questions of the kind."""
    from django.core.wsgi import get_wsgi_application
    from django.urls import reverse

    application, page = get_wsgi_application(), reverse("determinations:search")
    for several in questions.values():  # what a process does only once; these are not counted
        _request(application, page, several[0])
    for kind, several in questions.items():
        times = [_times(application, page, parameters) for parameters in several[1:]]
        yield kind, mean(first for first, _ in times), mean(again for _, again in times)


def _times(application: Any, page: str, parameters: Parameters) -> tuple[float, float]:
    start = time.process_time()
    _request(application, page, parameters)
    middle = time.process_time()
    _request(application, page, parameters)
    return (middle - start) * 1000, (time.process_time() - middle) * 1000


def _request(application: Any, page: str, parameters: Parameters) -> None:
    statuses: list[str] = []
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
    answer = application(environment, lambda status, *_: statuses.append(status))
    with closing(answer):
        b"".join(answer)
    if not statuses[0].startswith("200"):
        raise SystemExit(f"{page}?{urlencode(parameters)} was answered {statuses[0]}.")


if __name__ == "__main__":
    main()
