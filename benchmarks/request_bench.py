"""Measures the processor time of whole requests in one process, for questions that were not asked before.

    python -m benchmarks.request_bench --items 20000

The questions are made of the items' own words, several of each kind, each asked once; those of attorneys and
letters follow. "Repeated" is the same request right after it, its page made again; "kept" is what another
visitor gets where answers are kept, and "unchanged" a browser that has the page. Times are of the processor,
so that other work has less of a say. KB are those of the compressed page.
"""

import argparse
import io
import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, astuple, dataclass
from statistics import mean
from typing import Any

from benchmarks.corpus import Corpus
from benchmarks.markdown import table
from benchmarks.options import add_size_options
from benchmarks.questions import Question, attorneys_questions, unseen_questions
from benchmarks.web import site_data
from benchmarks.web.pages import SITE, case_pages, site_search

_KEPT_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class RequestCost:
    """Means of the requests of a kind: milliseconds, and KB of the compressed page."""

    kind: str
    unseen: float
    repeated: float
    kept: float
    unchanged: float
    kilobytes: float


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_size_options(parser)
    parser.add_argument("--of-each-kind", type=int, default=12, help="questions made of items' words")
    options = parser.parse_args(arguments)
    corpus = Corpus(options.work, options.items)
    corpus.ensure()
    site_data.in_site(site_data.ensure_site(corpus))
    found = list(measured(_addresses(corpus, options.of_each_kind)))
    rows = [(cost.kind, *(f"{number:.1f}" for number in astuple(cost)[1:])) for cost in found]
    print(table(("processor ms of a request", "unseen", "repeated", "kept", "unchanged", "KB"), rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(cost) for cost in found]))


def _addresses(corpus: Corpus, of_each_kind: int) -> dict[str, list[str]]:
    """Kind -> the addresses asked for."""
    kinds = {
        kind: list(map(site_search, several))
        for kind, several in unseen_questions(corpus, of_each_kind).items()
    }
    asked = [Question("attorneys", each) for each in attorneys_questions()]
    kinds["attorneys, words"] = [site_search(each) for each in asked if '"' not in each.typed]
    kinds["attorneys, phrases"] = [site_search(each) for each in asked if '"' in each.typed]
    return kinds | {"a letter": list(case_pages(corpus).paths[SITE])}


def measured(kinds: dict[str, list[str]]) -> Iterator[RequestCost]:
    """What requests cost, kind by kind; the first of each kind is not counted."""
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    for addresses in kinds.values():  # what a process does only once
        _times(application, addresses[0])
    for kind, addresses in kinds.items():
        times = [_times(application, address) for address in addresses[1:]]
        yield RequestCost(kind, *map(mean, zip(*times, strict=True)))


def _times(application: Any, address: str) -> tuple[float, ...]:
    """Of an unseen, a repeated, a kept, and an unchanged page, and the KB of the first."""
    from django.conf import settings

    settings.KEPT_ANSWER_BYTES = 0
    unseen, repeated = (_answered(application, address) for _ in range(2))
    settings.KEPT_ANSWER_BYTES = _KEPT_BYTES
    _answered(application, address)  # keeps it
    kept = _answered(application, address)
    cookie = kept.headers.get("Set-Cookie", "").partition(";")[0]  # a page without results has no forms
    browser = {"HTTP_COOKIE": cookie, "HTTP_IF_NONE_MATCH": kept.headers["ETag"]}
    unchanged = _answered(application, address, status=304, **browser)
    answers = (unseen, repeated, kept, unchanged)
    return (*(each.milliseconds for each in answers), unseen.size / 1000)


@dataclass(frozen=True, slots=True)
class _Answer:
    milliseconds: float
    headers: dict[str, str]
    size: int


def _answered(application: Any, address: str, status: int = 200, **more: str) -> _Answer:
    answered: list[tuple[str, dict[str, str]]] = []
    path, _, query = address.partition("?")
    environment = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
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
        body = b"".join(answer)
    milliseconds = (time.process_time() - start) * 1000
    got, headers = answered[0]
    if not got.startswith(str(status)):
        raise SystemExit(f"{address} was answered {got}.")
    return _Answer(milliseconds, headers, len(body))


if __name__ == "__main__":
    main()
