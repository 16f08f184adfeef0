"""A data directory of the site that holds the items of a corpus as rows and as an index.

Made by processes of their own, so that the settings of whoever measures are never touched.
"""

import hashlib
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby, islice
from pathlib import Path

from django.utils import timezone

from benchmarks.corpus import Corpus
from benchmarks.web import datasette_data
from determinations.search.interface import IndexDocument

Row = dict[str, object]
"""Of one table: column -> value."""


class DataFailedError(Exception):
    """The data could not be made; the process that tried has printed why."""


_SPAWN = multiprocessing.get_context("spawn")
_LETTERS_AT_A_TIME = 500


def site_environment(folder: Path) -> dict[str, str]:
    """The environment of a site that lives in `folder` and knows nothing of any other.

    It keeps no answers: what is measured is making them.
    """
    others = {name: value for name, value in os.environ.items() if not name.startswith("IMR_")}
    rates = dict.fromkeys(
        ("IMR_SEARCH_RATE", "IMR_SUGGEST_RATE", "IMR_API_RATE", "IMR_FOLDER_RATE", "IMR_SIGN_IN_RATE"), ""
    )
    own = {"IMR_DATA_DIR": str(folder), "IMR_KEPT_MB": "0", "DJANGO_SETTINGS_MODULE": "imrsite.settings"}
    return others | rates | own


def ensure_site(corpus: Corpus) -> Path:
    """The data directory; made unless an earlier run has. Raises DataFailedError."""
    return _ensure(corpus, "site", _fill_site)


def ensure_datasette(corpus: Corpus, site: Path) -> Path:
    """The folder of Datasette's database, which is read from the site's rows. Raises DataFailedError."""
    return _ensure(corpus, "datasette", _fill_datasette, site)


def _ensure(corpus: Corpus, name: str, fill: Callable[..., None], *arguments: Path) -> Path:
    folder, unfinished = corpus.folder / name, corpus.folder / f"{name}.unfinished"
    if not folder.exists():
        print(f"{name}: {corpus.items:,} items ...", flush=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        process = _SPAWN.Process(target=fill, args=(corpus, unfinished, *arguments))
        process.start()
        process.join()
        if process.exitcode:
            raise DataFailedError(f"The data of {name} could not be made: see above.")
        unfinished.rename(folder)
    return folder


def in_site(folder: Path) -> None:
    """Make this process one of the site that lives in `folder`."""
    os.environ.clear()
    os.environ.update(site_environment(folder))
    import django

    django.setup()


def _fill_site(corpus: Corpus, folder: Path) -> None:
    fill_rows(corpus, folder)
    fill_index(corpus, folder)


def fill_rows(corpus: Corpus, folder: Path) -> None:
    """Make the site's database in a folder. Takes its process for it."""
    folder.mkdir(parents=True, exist_ok=True)
    in_site(folder)
    from django.core.management import call_command
    from django.db import connection

    from determinations.models import BatchState, ImportBatch

    call_command("migrate", verbosity=0)
    with (
        connection.cursor() as cursor
    ):  # hashes come in any order, and millions do not fit into the usual 2 MB
        cursor.execute("PRAGMA cache_size = -1000000")
    insert_rows_of(corpus)
    ImportBatch.objects.create(source="benchmark", state=BatchState.DONE)  # without one, samples are imported
    connection.close()


def fill_index(_: Corpus, folder: Path) -> None:
    """Make the index of the rows in a folder. Takes its process for it."""
    in_site(folder)
    from determinations.search.engines import search_engine
    from determinations.search.indexing import rebuild

    rebuild(search_engine())


def insert_rows_of(corpus: Corpus) -> None:
    """Letters, items and citations, written into the database of this process."""
    from django.db import transaction

    from determinations.models import Determination, DisputedItem, GuidelineCitation
    from determinations.models.row_writes import insert_values

    by_letter = (list(items) for _, items in groupby(corpus.documents(), lambda document: document.case))
    letters = enumerate(by_letter, 1)
    for batch in iter(lambda: list(islice(letters, _LETTERS_AT_A_TIME)), []):
        with transaction.atomic():
            insert_values(Determination, [_letter(key, documents) for key, documents in batch])
            items = [
                (_item(letter, position, document), document)
                for letter, documents in batch
                for position, document in enumerate(documents, 1)
            ]
            insert_values(DisputedItem, [item for item, _ in items])
            insert_values(
                GuidelineCitation,
                [citation for item, document in items for citation in _citations(item, document)],
            )


def _letter(key: int, documents: list[IndexDocument]) -> Row:
    from determinations.letters.parsed_letter import READER_VERSION, Decision, outcome_of
    from determinations.letters.vocabulary.names import specialties
    from determinations.models import Layout

    first = documents[0]
    names = {specialty.slug: specialty.name for specialty in specialties()}
    digest = hashlib.sha256(first.case.encode()).hexdigest()
    now = timezone.now()
    return {
        "id": key,
        "public_id": first.case,
        "case_number": first.case,
        "content_hash": digest,
        "text_hash": digest,
        "layout": Layout.STANDARD.value,
        "decided_on": date(first.date // 10_000, first.date // 100 % 100, first.date % 100),
        "year": first.date // 10_000,
        "specialties": [names.get(slug, slug) for slug in first.facets["specialty"]],
        "licensed_in": ["California"],
        "clinical_summary": first.summary,
        "outcome": outcome_of(
            Decision(decision) for each in documents for decision in each.facets["decision"]
        ).value,
        "full_text": "\n\n".join(_full_text(documents)),
        "source_name": f"{first.case}.txt",
        "parser_version": READER_VERSION,
        "imported_at": now,
        "changed_at": now,
    }


def _full_text(documents: Iterable[IndexDocument]) -> Iterator[str]:
    for number, document in enumerate(documents):
        if number == 0:
            yield f"CLINICAL CASE SUMMARY\n{document.summary}"
        heading = f"{document.request}: {document.facets['decision'][0]}"
        yield "\n".join((heading, document.guideline, document.rationale))


def _item(letter: int, position: int, document: IndexDocument) -> Row:
    from determinations.letters.vocabulary.names import service_categories
    from determinations.models import LevelsFrom
    from determinations.search_page.facet_values import REGIONS

    categories = {category.slug for category in service_categories()}
    levels = [level for level in document.facets["level"] if level not in REGIONS]
    claims_administrator, reviewer = document.guideline.split("\n")
    return {
        "id": document.key,
        "determination_id": letter,
        "position": position,
        "request": document.request,
        "decision": document.facets["decision"][0],
        "services": [slug for slug in document.facets["service"] if slug not in categories],
        "spinal_levels": levels,
        "levels_from": LevelsFrom.REQUEST.value if levels else "",
        "claims_administrator_guideline": claims_administrator,
        "reviewer_guideline": reviewer,
        "rationale": document.rationale,
    }


def _citations(item: Row, document: IndexDocument) -> Iterator[Row]:
    from determinations.models import CitedBy

    sides = (
        (CitedBy.CLAIMS_ADMINISTRATOR, "ca_guideline", item["claims_administrator_guideline"]),
        (CitedBy.REVIEWER, "guideline", item["reviewer_guideline"]),
    )
    for side, facet, text in sides:
        values = document.facets[facet]
        with_chapters = {value.partition(".")[0] for value in values if "." in value}
        for value in values:
            source, _, chapter = value.partition(".")
            if chapter or source not in with_chapters:
                yield {
                    "item_id": document.key,
                    "cited_by": side.value,
                    "source": source,
                    "chapter": chapter,
                    "text": str(text)[:200],
                }


def _fill_datasette(corpus: Corpus, folder: Path, site: Path) -> None:
    in_site(site)
    from determinations.search.documents import documents_of, searchable_items

    datasette_data.write(documents_of(searchable_items()), folder)
