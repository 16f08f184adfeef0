"""Measures the processor time of whole requests in one process, for questions that were not asked before.

    python -m benchmarks.request_bench --items 20000

The questions are made of the items' own words, several of each kind, each asked once. "Repeated" is the same
request right after it. Times are of the processor, so that other work on the machine has less of a say.
"""

import argparse
import io
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from random import Random
from statistics import mean
from typing import Any
from urllib.parse import urlencode

from benchmarks.corpus import SEED, Corpus
from benchmarks.markdown import table
from benchmarks.options import add_size_options
from benchmarks.web import site_data

_OF_EACH_KIND = 12
_WORD = re.compile(r"[a-z]{4,}")

Parameters = list[tuple[str, str]]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_size_options(parser)
    options = parser.parse_args(arguments)
    corpus = Corpus(options.work, options.items)
    corpus.ensure()
    site_data.in_site(site_data.ensure_site(corpus))
    found = list(measured(unseen_questions(corpus)))
    rows = [(kind, f"{unseen:.1f}", f"{repeated:.1f}") for kind, unseen, repeated in found]
    print(table(("processor ms of a request", "unseen", "repeated"), rows))
    if options.json:
        options.json.write_text(json.dumps(found))


def unseen_questions(corpus: Corpus) -> dict[str, list[Parameters]]:
    """Kind -> addresses' parameters, the same for a given corpus, no two alike; up to _OF_EACH_KIND."""
    random = Random(SEED)
    with closing(corpus.connect()) as database:
        texts = [row[0].lower() for row in database.execute("select rationale from items where key % 5 = 0")]
        facets = [json.loads(row[0]) for row in database.execute("select facets from items limit 1000")]
    held = Counter(word for text in texts for word in set(_WORD.findall(text)))
    common = sorted(word for word, items in held.items() if items > len(texts) / 4)
    medium = sorted(word for word, items in held.items() if len(texts) / 100 < items <= len(texts) / 5)
    rare = sorted(word for word, items in held.items() if items <= 2)
    services = sorted({value for one in facets for value in one["service"]})

    def words(*several: list[str]) -> str:
        return " ".join(map(random.choice, several))

    def phrase() -> str:
        found = re.findall(r"[a-z]+", random.choice(texts))
        at = random.randrange(len(found) - 3)
        return " ".join(found[at : at + 3])

    def asked() -> Iterator[tuple[str, Parameters]]:
        yield "very common term", [("q", words(common))]
        yield "rare term", [("q", words(rare))]
        yield "two AND", [("q", words(medium, medium))]
        yield "a common and a rare word", [("q", words(common, rare))]
        yield "three AND", [("q", words(common, medium, medium))]
        yield "three OR", [("q", " OR ".join((words(common), words(medium), words(medium))))]
        yield "phrase", [("q", f'"{phrase()}"')]
        yield "phrase with slop", [("q", f'"{phrase()}"~5')]
        yield "prefix", [("q", f"{words(medium)[:4]}*")]
        yield "field", [("q", f"rationale:{words(medium)}")]
        yield "NOT", [("q", f"{words(common)} NOT {words(medium)}")]
        yield "facets only", [("service", random.choice(services)), ("decision", "upheld")]
        yield "query with two filters", [("q", words(medium)), ("decision", "overturned"), ("year", "2015")]
        yield "fuzzy", [("q", f"{words(medium)[:-1]}~1")]
        yield "no words, one filter", [("service", random.choice(services))]

    kinds: dict[str, list[Parameters]] = {}
    for _ in range(20 * _OF_EACH_KIND):
        for kind, parameters in asked():
            known = kinds.setdefault(kind, [])
            if len(known) < _OF_EACH_KIND and parameters not in known:
                known.append(parameters)
    return kinds


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
