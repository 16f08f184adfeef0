"""Changes of an index: some documents at once, or a new index aside and a switch of its alias.

A change is done when the state says so. A bulk request can fail for some documents: then the change is not
done, the state goes on saying that one was begun, and whoever noted the change makes it again. What was
written of it may be searched before.
"""

import secrets
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from itertools import chain

from determinations.search.index_fields import KEY
from determinations.search.interface import IndexDocument, Progress, SearchUnavailableError
from determinations.search.opensearch.connection import WORK_SECONDS, Body, RefusedError
from determinations.search.opensearch.lease import WriterLease, leased
from determinations.search.opensearch.mapping import (
    USUAL_LENGTHS,
    control_index,
    items_index,
    source_of,
    words_index,
)
from determinations.search.opensearch.state import Index, State
from determinations.search.opensearch.words import Counts, lines_of_all, lines_of_changes, words_of
from determinations.search.query.nodes import SEARCHED_FIELDS

DOCUMENTS_AT_ONCE = 500
_MEASURED_DOCUMENTS = 5_000
"""Documents at the beginning of a rebuild of which the lengths of fields are measured."""
_ROWS_AT_ONCE = 5_000
_KEYS_AT_ONCE = 1_000
_CHARACTERS_AT_ONCE = 10_000_000
"""A cluster takes no body of more than 100 MB."""
_POLL_SECONDS = 0.5


class Writer:
    """Writes an index; `wait_seconds`: how long for another writer."""

    def __init__(self, index: Index, wait_seconds: float, shards: int, replicas: int) -> None:
        self._index = index
        self._wait_seconds = wait_seconds
        self._shards = shards
        self._replicas = replicas

    def update(
        self, documents: Iterable[IndexDocument], delete: Iterable[int], log_position: str | None
    ) -> None:
        latest = {document.key: source_of(document) for document in documents}
        gone = {*delete, *latest}
        self._index.state(WORK_SECONDS)  # before a lease is taken, for which there must be an index
        with self._writing() as lease:
            state = self._index.state(WORK_SECONDS)
            state.require_present_version()
            self._index.write_state(replace(state, is_changing=True))
            changes = self._subtracted(state, gone)
            for source in latest.values():
                changes.update(words_of(source))
            self._write_items(lease, state.items, _item_lines(latest, gone - latest.keys()))
            self._bulk(lease, state.words, lines_of_changes(changes), 2 * _ROWS_AT_ONCE)
            self._show(state)
            lease.confirm()
            reached = state.log_position if log_position is None else log_position
            self._index.write_state(replace(state.following(self._count(state.items)), log_position=reached))

    def replace_all(
        self, documents: Iterable[IndexDocument], progress: Progress | None, log_position: str
    ) -> None:
        self._make_control()
        with self._writing() as lease:
            try:
                before: State | None = self._index.state(WORK_SECONDS)
            except SearchUnavailableError:
                before = None  # missing, broken or of another version: it is replaced
            name = secrets.token_hex(6)
            prefix = self._index.names.prefix
            state = State(
                items=f"{prefix}-items-{name}",
                words=f"{prefix}-words-{name}",
                generation=self._last_generation(),
                commit="",
                documents=0,
                log_position=log_position,
            )
            try:
                self._build(lease, state, documents, progress)
            except BaseException:
                self._remove([state.items, state.words])
                raise
            if before is not None:
                self._index.write_state(replace(before, is_changing=True))
            lease.confirm()
            self._switch(state)
            self._index.write_state(state.following(self._count(state.items)))
            self._remove(self._others_than(state))

    def forget_deleted(self) -> None:
        """All documents that live go into new indices: the old ones keep words of others for hours."""
        self._index.state(WORK_SECONDS)  # before a lease is taken, for which there must be an index
        with self._writing() as lease:
            state = self._index.state(WORK_SECONDS)
            state.require_present_version()
            fresh = secrets.token_hex(6)
            prefix = self._index.names.prefix
            copy = replace(state, items=f"{prefix}-items-{fresh}", words=f"{prefix}-words-{fresh}")
            try:
                self._copy(lease, state, copy)
            except BaseException:
                self._remove([copy.items, copy.words])
                raise
            lease.confirm()
            self._index.write_state(replace(state, is_changing=True))
            self._switch(copy)
            self._index.write_state(copy.following(self._count(copy.items)))
            self._remove(self._others_than(copy))

    # Steps

    @contextmanager
    def _writing(self) -> Iterator[WriterLease]:
        with leased(self._index.cluster, self._index.names.control, self._wait_seconds) as lease:
            yield lease

    def _call(self, method: str, path: str, body: Body | None = None) -> Body:
        return self._index.cluster.call(method, path, body, WORK_SECONDS)

    def _make_control(self) -> None:
        try:
            self._call("PUT", f"/{self._index.names.control}", control_index(self._replicas))
        except RefusedError as error:
            if error.kind != "resource_already_exists_exception":
                raise

    def _build(
        self, lease: WriterLease, state: State, documents: Iterable[IndexDocument], progress: Progress | None
    ) -> None:
        sources = (source_of(document) for document in documents)
        first = _run(sources, _MEASURED_DOCUMENTS)
        lengths = _lengths(first)
        self._call("PUT", f"/{state.items}", items_index(self._shards, self._replicas, lengths))
        self._call("PUT", f"/{state.words}", words_index(self._shards, self._replicas))
        counts: Counts = Counter()
        written: set[int] = set()
        rest = chain(first, sources)
        del first
        while run := _run(rest, DOCUMENTS_AT_ONCE):
            latest = {source[KEY]: source for source in run}
            if again := written & latest.keys():
                # A key that comes twice: the last document counts, and the words of the first do not.
                counts.update(self._subtracted(state, again))
            for source in latest.values():
                counts.update(words_of(source))
            self._write_items(lease, state.items, _item_lines(latest, ()))
            written |= latest.keys()
            if progress:
                progress(len(run))
        self._bulk(lease, state.words, lines_of_all(counts), 2 * _ROWS_AT_ONCE)
        self._show(state)

    def _copy(self, lease: WriterLease, state: State, copy: State) -> None:
        """Copies the living documents into new indices, on the cluster."""
        self._show(state)
        for source, target in ((state.items, copy.items), (state.words, copy.words)):
            described = self._call("GET", f"/{source}")[source]
            settings = described["settings"]["index"]
            for name in ("creation_date", "uuid", "version", "provided_name"):
                settings.pop(name, None)
            body = {"settings": {"index": settings}, "mappings": described["mappings"]}
            self._call("PUT", f"/{target}", body)
            wanted = {"source": {"index": source}, "dest": {"index": target}}
            task = self._call("POST", "/_reindex?wait_for_completion=false", wanted)["task"]
            while not (answer := self._call("GET", f"/_tasks/{task}"))["completed"]:
                lease.require()
                time.sleep(_POLL_SECONDS)
            copied = answer.get("response", {})
            if "error" in answer or copied.get("failures") or copied["created"] != copied["total"]:
                raise _failed(answer.get("error") or copied.get("failures"))
        self._show(copy)

    def _subtracted(self, state: State, keys: Iterable[int]) -> Counts:
        """What the words of documents count, taken away."""
        counts: Counts = Counter()
        wanted = sorted(keys)
        for start in range(0, len(wanted), _KEYS_AT_ONCE):
            ids = [str(key) for key in wanted[start : start + _KEYS_AT_ONCE]]
            path = f"/{state.items}/_mget?_source_includes={','.join(SEARCHED_FIELDS)}"
            for found in self._call("POST", path, {"ids": ids})["docs"]:
                if found.get("found"):
                    counts.subtract(words_of(found["_source"]))
        return counts

    def _write_items(self, lease: WriterLease, index: str, lines: Iterable[Body]) -> None:
        self._bulk(lease, index, lines, 2 * DOCUMENTS_AT_ONCE)

    def _bulk(self, lease: WriterLease, index: str, lines: Iterable[Body], at_once: int) -> None:
        """Raises SearchUnavailableError where a single line was not written."""
        for part in _parts(lines, at_once):
            lease.require()
            answer = self._index.cluster.lines(f"/{index}/_bulk", part, WORK_SECONDS)
            if answer["errors"]:
                results = (next(iter(item.values())) for item in answer["items"])
                failures = [one for one in results if "error" in one and not _is_gone(one)]
                if failures:
                    raise _failed(failures)

    def _show(self, state: State) -> None:
        """Lets what was written be searched. Raises SearchUnavailableError where a shard could not."""
        answer = self._call("POST", f"/{state.items},{state.words}/_refresh")
        if answer["_shards"]["failed"]:
            raise _failed(answer["_shards"].get("failures"))

    def _count(self, index: str) -> int:
        return int(self._call("GET", f"/{index}/_count")["count"])

    def _switch(self, state: State) -> None:
        """In one step the aliases name the indices of `state`."""
        names = self._index.names
        actions: list[Body] = []
        for alias, index in ((names.items, state.items), (names.words, state.words)):
            actions += [
                {"remove": {"index": f"{alias}-*", "alias": alias, "must_exist": False}},
                {"add": {"index": index, "alias": alias}},
            ]
        self._call("POST", "/_aliases", {"actions": actions})

    def _last_generation(self) -> int:
        """The generation of the index that serves or served, whatever its version; 0 where none is known."""
        try:
            source = self._call("GET", f"/{self._index.names.control}/_doc/state")["_source"]
        except RefusedError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return 0
        generation = source.get("generation")
        return generation if isinstance(generation, int) else 0

    def _others_than(self, state: State) -> list[str]:
        names = self._index.names
        found = self._call("GET", f"/{names.items}-*,{names.words}-*?filter_path=*.aliases")
        return [name for name in found if name not in (state.items, state.words)]

    def _remove(self, indices: Iterable[str]) -> None:
        for name in indices:
            try:
                self._call("DELETE", f"/{name}")
            except RefusedError as error:
                if error.status != HTTPStatus.NOT_FOUND:
                    raise


def _item_lines(sources: Mapping[int, Body], deleted: Iterable[int]) -> Iterator[Body]:
    for key, source in sources.items():
        yield {"index": {"_id": str(key)}}
        yield source
    for key in deleted:
        yield {"delete": {"_id": str(key)}}


def _run(sources: Iterator[Body], most: int) -> list[Body]:
    """The next documents, so many or fewer where they are long."""
    run: list[Body] = []
    characters = 0
    while len(run) < most and characters < _CHARACTERS_AT_ONCE:
        source = next(sources, None)
        if source is None:
            break
        run.append(source)
        characters += _characters(source)
    return run


def _characters(source: Body) -> int:
    return sum(len(source.get(field, "")) for field in SEARCHED_FIELDS)


def _parts(lines: Iterable[Body], at_once: int) -> Iterator[list[Body]]:
    """So many lines at once, less where their texts are long. A line and its document stay together."""
    part: list[Body] = []
    characters = 0
    for line in lines:
        is_action = len(line) == 1 and next(iter(line)) in ("index", "delete", "update")
        if is_action and (len(part) >= at_once or characters > _CHARACTERS_AT_ONCE):
            yield part
            part, characters = [], 0
        part.append(line)
        characters += _characters(line)
    if part:
        yield part


def _is_gone(result: Body) -> bool:
    """What was to be taken away from is not there."""
    return bool(result["error"].get("type") == "document_missing_exception")


def _lengths(sources: list[Body]) -> dict[str, float]:
    """The mean number of words by field; usual ones where there are no documents."""
    lengths = {}
    for field in SEARCHED_FIELDS:
        words = sum(source.get(field, "").count(" ") + 1 for source in sources if source.get(field))
        lengths[field] = max(1.0, words / len(sources)) if sources else USUAL_LENGTHS[field]
    return lengths


def _failed(failures: object) -> SearchUnavailableError:
    error = SearchUnavailableError(
        "The search index was not changed as a whole. The change is made again with the next one, "
        "or at once by “manage.py check_index --fix”."
    )
    error.add_note(str(failures)[:1000])
    return error
