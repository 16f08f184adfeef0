"""The few letters that the contract is tried on, and short names for asking an engine about them."""

from determinations.search.interface import (
    IndexDocument,
    Passage,
    SearchEngine,
    SearchRequest,
    SearchResults,
)
from determinations.search.query.nodes import Node


def document(
    key: int,
    rationale: str = "",
    *,
    request: str = "",
    summary: str = "",
    guideline: str = "",
    case: str = "",
    date: int = 20140101,
    fingerprint: int = 0,
    **facets: str | tuple[str, ...],
) -> IndexDocument:
    values = {name: (value,) if isinstance(value, str) else value for name, value in facets.items()}
    return IndexDocument(key, case, request, guideline, rationale, summary, values, date, fingerprint)


LETTERS = (
    document(
        1,
        "A medial branch block should precede the rhizotomy. The request is not certified.",
        request="Right medial branch block at L4-5",
        summary="Chronic low back pain; lumbar radiculopathy.",
        guideline="MTUS ACOEM Chapter 12 Low Back Complaints",
        case="CM14-0031877",
        date=20140620,
        decision="upheld",
        service=("injections", "medial-branch-blocks"),
        level=("lumbar", "L4-L5"),
    ),
    document(
        2,
        "Epidural steroid injections are an option for radicular pain. Injected levels: L4/L5 and L5-S1.",
        request="Lumbar epidural steroid injection",
        summary="The patient has radiculopathy and takes gabapentin.",
        guideline="Official Disability Guidelines (ODG), Low Back Chapter",
        case="CM13-0000004",
        date=20131105,
        decision="overturned",
        service=("injections", "epidural-steroid-injections"),
        level=("lumbar", "L4-L5", "L5-S1"),
    ),
    document(
        3,
        "The branch of the medial nerve was not blocked. X-ray at follow-up was normal.",
        request="Norco 10/325mg #60",
        summary="Neck pain at C5-6.",
        guideline="MTUS Chronic Pain Medical Treatment Guidelines",
        date=20150301,
        decision="upheld",
        service=("pharmaceuticals", "opioids"),
        level=("cervical", "C5-C6"),
    ),
    document(
        4,
        "Opioid use is supported by a urine drug screen.",
        request="Urine drug screen",
        summary="Takes Norco.",
        date=0,
        decision="upheld",
        service=("diagnostic-testing", "urine-drug-testing"),
    ),
    document(
        5,
        "Block of the branch: medial approach.",
        request="Acupuncture",
        date=20140620,
        decision="overturned",
        service=("rehabilitation", "acupuncture"),
    ),
)


def keys(engine: SearchEngine, query: Node | None = None, **request: object) -> set[int]:
    return set(ordered_keys(engine, query, **request))


def ordered_keys(engine: SearchEngine, query: Node | None = None, **request: object) -> list[int]:
    return [hit.key for hit in engine.search(SearchRequest(query=query, **request)).hits]  # type: ignore[arg-type]


def counts(results: SearchResults, facet: str) -> dict[str, int]:
    return {one.value: one.count for one in results.counts[facet]}


def text_of(passage: Passage) -> str:
    return "".join(fragment.text for fragment in passage)


def lit(*passages: Passage) -> list[str]:
    return [fragment.text for passage in passages for fragment in passage if fragment.is_match]
