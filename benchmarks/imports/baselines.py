"""Two simpler ways, for the letters of a folder: only to read them, and a save for each row.

Each runs in a process of its own, before Django is set up.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.imports.results import Cost
from benchmarks.imports.sites import new_site


def read_only(site: Path, paths: list[Path]) -> Cost:
    """What nobody can do without, one letter after the other in one process: nothing is stored."""
    from determinations.importing.letter_reading import read_stored_letter

    return _cost(len(paths), lambda: [read_stored_letter(path) for path in paths])


def save_each_row(site: Path, paths: list[Path]) -> Cost:
    """One process, a transaction a letter, `Model.save()` for each row, then Whoosh as documented."""
    new_site(site)
    from benchmarks.peers import whoosh_documented
    from determinations.search.documents import documents_of, searchable_items
    from determinations.search.facets import INDEXED

    (site / "whoosh").mkdir()

    def work() -> None:
        for path in paths:
            _save(path)
        whoosh_documented.write(documents_of(searchable_items()), site / "whoosh", INDEXED)

    return _cost(len(paths), work)


def _save(path: Path) -> None:
    from django.db import transaction

    from determinations.importing import originals
    from determinations.importing.letter_reading import LetterRead, read_stored_letter
    from determinations.importing.letter_storage import (
        citation_rows,
        item_fields,
        new_determination,
        warning_rows,
    )
    from determinations.models import DisputedItem

    data = path.read_bytes()
    originals.keep(data)
    read = read_stored_letter(path)
    assert isinstance(read, LetterRead)  # noqa: S101 - the generator writes letters
    with transaction.atomic():
        letter = new_determination(read, hashlib.sha256(data).hexdigest(), path.name)
        letter.save()
        for parsed in read.letter.items:
            item = DisputedItem(determination=letter, position=parsed.position, **item_fields(parsed))
            item.save()
            for citation in citation_rows(item, parsed):
                citation.save()
        for warning in warning_rows(letter, read.letter.warnings):
            warning.save()


def _cost(letters: int, work: Callable[[], object]) -> Cost:
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(letters, time.perf_counter() - start, time.process_time() - cpu)
